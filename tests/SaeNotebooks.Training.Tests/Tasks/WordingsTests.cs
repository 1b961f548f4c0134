using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Tests.Tasks;

public class WordingsTests
{
    private static Wordings Wordings => Corpora.Wordings;

    [Fact]
    public void Every_wording_formats_in_every_language_pair()
    {
        foreach (var wording in Wordings.All)
            foreach (var source in Languages.All)
                foreach (var target in Languages.All)
                {
                    var prompt = Wordings.Prompt(wording, new Slots("Xyz abc.", source, target, wording.Task == TaskKind.Answer ? "Qqq ww?" : null));
                    var text = string.Concat(prompt.Select(s => s.Text));
                    Assert.DoesNotContain(text, c => c is '{' or '}');
                    Assert.DoesNotContain("  ", text);
                    Assert.Equal(text.Length - 1, text.IndexOf('\n'));
                    Assert.Equal("Xyz abc.", Assert.Single(prompt, s => s.Role == Role.Source).Text.TrimStart());
                    Assert.Equal(wording.Task == TaskKind.Answer, prompt.Any(s => s.Role == Role.Question));
                    Assert.All(prompt, s => Assert.False(s.Text.EndsWith(' ')));
                }
    }

    [Theory]
    [InlineData("translate.en.01", Language.German, Language.French, "Translate into French: S.\n")]
    [InlineData("translate.fr.03", Language.English, Language.German, "Traduis la phrase suivante de l'anglais vers l'allemand : S.\n")]
    [InlineData("translate.fr.03", Language.French, Language.Vietnamese, "Traduis la phrase suivante du français vers le vietnamien : S.\n")]
    [InlineData("translate.fr.11", Language.French, Language.Spanish, "Comment dit-on « S. » en espagnol ?\n")]
    [InlineData("translate.de.04", Language.Spanish, Language.English, "Bitte übersetzen Sie diesen spanischen Satz ins Englische: S.\n")]
    [InlineData("translate.es.03", Language.German, Language.English, "Traduzca la frase siguiente del alemán al inglés: S.\n")]
    [InlineData("translate.vi.03", Language.Spanish, Language.Vietnamese, "Dịch câu sau từ tiếng Tây Ban Nha sang tiếng Việt: S.\n")]
    [InlineData("translate.fr.18", Language.German, Language.Vietnamese, "En vietnamien : S.\n")]
    public void Names_of_languages_take_the_form_that_the_sentence_needs(string id, Language source, Language target, string expected) =>
        Assert.Equal(expected, string.Concat(Wordings.Prompt(Wordings[id], new Slots("S.", source, target)).Select(s => s.Text)));

    [Fact]
    public void Each_language_has_many_wordings_of_each_task()
    {
        foreach (var language in Languages.All)
            foreach (var task in Enum.GetValues<TaskKind>())
                Assert.InRange(Wordings.Where(task, language: language).Count(), task == TaskKind.Translate ? 24 : 8, 60);
    }

    [Fact]
    public void About_a_quarter_of_the_translation_wordings_is_held_out_in_every_language_and_strength()
    {
        foreach (var language in Languages.All)
        {
            var held = Wordings.Where(TaskKind.Translate, WordingSplit.Held, language: language).ToList();
            Assert.InRange(held.Count / (double)Wordings.Where(TaskKind.Translate, language: language).Count(), 0.2, 0.3);
            Assert.Equal(Enum.GetValues<Strength>(), held.Select(w => w.Strength).Distinct().Order());
        }
        Assert.All(Enum.GetValues<TaskKind>(), task => Assert.NotEmpty(Wordings.Where(task, WordingSplit.Held)));
    }

    [Fact]
    public void No_two_wordings_are_alike_except_for_the_tags_that_tasks_share()
    {
        string Text(Wording wording) => string.Concat(Wordings.Prompt(wording,
            new Slots("S.", Language.German, Language.French, wording.Task == TaskKind.Answer ? "Q?" : null)).Select(s => s.Text));

        foreach (var same in Wordings.All.GroupBy(w => (w.Language, Text(w))).Where(g => g.Count() > 1))
        {
            Assert.All(same, w => Assert.Equal((Strength.Tag, WordingSplit.Train), (w.Strength, w.Split)));
            Assert.Equal(same.Count(), same.Select(w => w.Task).Distinct().Count());
        }
    }

    [Fact]
    public void The_place_column_tells_the_truth()
    {
        foreach (var wording in Wordings.All)
        {
            var roles = Wordings.Prompt(wording, new Slots("S.", Language.German, Language.French, wording.Task == TaskKind.Answer ? "Q?" : null))
                .Select(s => s.Role).Where(r => r is Role.Instruction or Role.Source).ToList();
            var actual = roles.LastOrDefault() == Role.Source && roles.Count > 1 ? Place.Before
                : roles[0] == Role.Source ? Place.After : Place.Around;
            Assert.True(actual == wording.Place || wording.Task == TaskKind.Answer, wording.Id);
        }
    }

    [Theory]
    [InlineData("a.1\ttranslate\ten\tbefore\tstrong\ttrain\tTo {target.nam}: {src}", "template")]
    [InlineData("a.1\ttranslate\ten\tbefore\tstrong\ttrain\tTo {target.name}:", "template")]
    [InlineData("a.1\trepeat\ten\tbefore\tstrong\ttrain\t{src} {question}", "template")]
    [InlineData("a.1\ttranslate\ten\tbefore\tloud\ttrain\tTo {target.name}: {src}", "strong, weak, mixed, tag")]
    [InlineData("a.1\ttranslate\tit\tbefore\tweak\ttrain\tTo {target.name}: {src}", "en, fr, de, es, vi")]
    public void A_bad_row_is_named(string row, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("wordings").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "wordings.tsv"), $"id\ttask\tlanguage\tplace\tstrength\tsplit\ttemplate\n{row}\n");
            var error = Assert.Throws<LexiconException>(() => Wordings.Load(folder));
            Assert.Contains("wordings.tsv, line 2", error.Message);
            Assert.Contains(expected, error.Message);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public void An_unknown_wording_is_an_error() =>
        Assert.Contains("no wording 'translate.xx.01'", Assert.Throws<ArgumentException>(() => Wordings["translate.xx.01"]).Message);
}
