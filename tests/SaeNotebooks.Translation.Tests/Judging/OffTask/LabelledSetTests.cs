using SaeNotebooks.Translation.Judging.OffTask;
using SaeNotebooks.Translation.Judging.OffTask.Evaluation;

namespace SaeNotebooks.Translation.Tests.Judging.OffTask;

/// <summary>The detectors on the labelled set and on the parallel sentences, which are clean.</summary>
public class LabelledSetTests
{
    private static readonly Lazy<DetectorReport> Report = new(() => DetectorReport.Measure(LabelledOutput.Read(Path.Combine(Corpora.DataFolder, "judging", "labelled.tsv"))));

    [Fact]
    public void The_set_has_every_kind_in_both_parts_and_as_many_outputs_without_any()
    {
        var labelled = Report.Value.Outputs.Select(o => o.Labelled).ToList();
        Assert.True(labelled.Count >= 240);
        Assert.Equal(labelled.Count, labelled.Select(o => o.Id).Distinct().Count());
        foreach (var part in labelled.GroupBy(o => o.HeldOut))
        {
            Assert.All(OffTaskKindNames.All, kind => Assert.True(part.Count(o => o.Labels.HasFlag(kind)) >= 4));
            Assert.True(part.Count(o => o.Labels == 0) >= part.Count() / 3);
            Assert.Equal(["ar", "de", "en", "es", "fr", "ja", "ru", "vi", "zh"], part.Select(o => o.Target).Distinct().Order());
        }
    }

    [Fact]
    public void The_page_has_the_figures_that_the_detectors_have() =>
        Assert.Contains(Report.Value.ToMarkdown(), File.ReadAllText(Path.Combine(Corpora.DataFolder, "judging", "README.md")));

    [Fact]
    public void Clean_translations_are_left_alone_and_their_languages_recognised()
    {
        var rows = CleanReport.Measure(Path.Combine(Corpora.DataFolder, "parallel"), most: 20);
        Assert.Equal(320, rows.Sum(r => r.Translations));
        Assert.All(rows, r => Assert.Equal((r.Sentences, 0), (r.Identified, r.Alarms)));
    }

    [Fact]
    public void Agreement_is_counted_by_hand()
    {
        var agreement = Agreement.Of([(true, true), (true, true), (true, false), (false, true), (false, false)]);
        Assert.Equal((2 / 3.0, 2 / 3.0), (agreement.Precision!.Value, agreement.Recall!.Value));
        Assert.Null(Agreement.Of([(false, false)]).Precision);
    }

    [Theory]
    [InlineData("id\tsplit", "line 1: expected the columns")]
    [InlineData("id\tsplit\ttarget\tlabels\tsource\thypothesis\na\tdesign\tfr\tnone\tx", "line 2: expected six columns")]
    [InlineData("id\tsplit\ttarget\tlabels\tsource\thypothesis\na\tdesign\txx\tnone\tx\ty", "line 2: 'xx'")]
    [InlineData("id\tsplit\ttarget\tlabels\tsource\thypothesis\na\tdesign\tfr\tbad\tx\ty", "line 2: 'bad'")]
    public void A_broken_set_is_refused_by_line(string text, string problem)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        Assert.Contains(problem, Assert.Throws<FormatException>(() => LabelledOutput.Read(path)).Message);
        File.Delete(path);
    }
}
