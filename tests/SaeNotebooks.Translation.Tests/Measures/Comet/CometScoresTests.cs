using SaeNotebooks.Translation.Measures.Comet;

namespace SaeNotebooks.Translation.Tests.Measures.Comet;

public sealed class CometScoresTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    private string With(string text)
    {
        File.WriteAllText(_file, text);
        return _file;
    }

    [Fact]
    public void Scores_are_read_in_order_or_by_id()
    {
        Assert.Equal([0.8, -0.1, 81.5], CometScores.InOrder(With("0.8\r\n-1e-1\n81.5\n"), 3));
        Assert.Equal([0.25, 0.5], CometScores.ById(With("id,score\na,0.5\nb,0.25\nc,1\n"), ["b", "a"]));
        Assert.Equal([1], CometScores.ById(With("a\t1"), ["a"]));
    }

    [Theory]
    [InlineData("0.8\n", "has 1 scores and there are 2 segments")]
    [InlineData("0.8\nNaN\n", "line 2: expected a finite number, found 'NaN'")]
    [InlineData("0.8\ninf\n", "line 2")]
    [InlineData("0,8\n0,7\n", "line 1")]
    public void What_is_no_score_is_refused_by_line(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => CometScores.InOrder(With(text), 2)).Message);

    [Theory]
    [InlineData("a,0.5\n", "no score for 'b'")]
    [InlineData("a,0.5\na,0.5\n", "line 2: 'a' has a score already")]
    [InlineData("a,0.5\nb,NaN\n", "line 2")]
    [InlineData("0.5\n", "line 1: expected an id and a number")]
    public void By_id_each_segment_has_one_score(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => CometScores.ById(With(text), ["a", "b"])).Message);
}
