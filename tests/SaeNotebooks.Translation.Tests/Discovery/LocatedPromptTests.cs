using SaeNotebooks.Models;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Tests.Discovery;

public class LocatedPromptTests
{
    private static readonly Setting Pair = new("en", "en", "ar");
    private static HookedTransformer Model => TinyModel.Model;

    [Fact]
    public void The_language_is_found_behind_a_source_that_holds_its_code()
    {
        var prompt = AuthorsPrompts.Discovery[2].Fill("The jars are far.", "ar", " answer", Pair);
        Assert.Equal("Translate The jars are far. into ar:", prompt.Text);
        Assert.EndsWith("into ar", TextUpTo(prompt, PromptPosition.LanguageLast, PositionSet.Paper));
        // As the authors' code searches: "ar" of "jars".
        var legacy = TextUpTo(prompt, PromptPosition.LanguageLast, PositionSet.Paper with { FindByText = true });
        Assert.DoesNotContain("into", legacy);
    }

    [Fact]
    public void Positions_are_those_of_the_characters_they_name()
    {
        var prompt = AuthorsPrompts.Discovery[0].Fill("The dog sleeps.", "fr", " Le chien dort.", Pair);
        Assert.EndsWith("translation:", TextUpTo(prompt, PromptPosition.BeforeSource, PositionSet.Code));
        Assert.EndsWith("into fr", TextUpTo(prompt, PromptPosition.LanguageLast, PositionSet.Code));
        Assert.EndsWith("Le chien dort.", TextUpTo(prompt, PromptPosition.TargetLast, PositionSet.Code));
        Assert.EndsWith("dort.\n", TextUpTo(prompt, PromptPosition.TargetLast, PositionSet.Code with { KeepNewline = true }));
        Assert.Contains("The dog sleeps.", TextUpTo(prompt, PromptPosition.SourceLast, PositionSet.Paper));
        Assert.Equal(prompt.Text, TextUpTo(prompt, PromptPosition.InputLast, PositionSet.Paper));
    }

    [Fact]
    public void What_a_prompt_does_not_have_is_not_found()
    {
        var prompt = new TranslationPrompt { Text = "The dog sleeps.\n", Answer = "Le chien dort.", Source = new(0, 15), Language = null, Wording = "none", Setting = Pair };
        var located = LocatedPrompt.Of(Model, prompt, PositionSet.Code);
        Assert.Null(located.Positions[0]); // only BOS stands before the source
        Assert.Null(located.Positions[1]); // no language is named
        Assert.Equal(located.Ids.Count - 1, located.Positions[2]);
    }

    [Fact]
    public void The_authors_prompts_are_theirs_and_the_second_is_without_the_reference()
    {
        string[] Filled(IEnumerable<PromptTemplate> templates) => [.. templates.Select(t => t.Fill("A dog.", "zh", " 狗。", new("en", "en", "zh")).Text)];
        string[] first = ["Please translate the following query into zh, Provide only the translation: A dog.:", "Please translate the following query A dog. into zh:"];
        Assert.Equal([.. first, "Translate A dog. into zh:"], Filled(AuthorsPrompts.Discovery));
        Assert.Equal([.. first, "Please translate A dog. into zh: \n"], Filled(AuthorsPrompts.Generation));
        Assert.Equal(["Please translate the following text into zh: \nA dog. \n"], Filled([AuthorsPrompts.Scoring]));
    }

    [Fact]
    public void Every_wording_of_the_corpus_says_where_source_and_language_are()
    {
        var task = new CorpusTask(Corpora.Corpus, Corpora.Judge);
        foreach (var setting in new Setting[] { new("en", "en", "fr"), new("vi", "de", "en"), new("fr", "es", "vi"), new("de", "fr", "de"), new("es", "vi", "es") })
        {
            var prompts = task.Prompts(setting, PromptUse.Discovery, 2, everyWording: true);
            Assert.Equal(6, prompts.Count);
            Assert.Equal(3, prompts.Select(p => p.Wording).Distinct().Count());
            foreach (var prompt in prompts)
            {
                Assert.Equal(Corpora.Grammar.Realize(((CorpusPrompt)prompt).Document.Meanings[0], ((CorpusPrompt)prompt).Document.Source), prompt.SourceText);
                Assert.False(string.IsNullOrWhiteSpace(prompt.LanguageName));
                Assert.DoesNotContain(prompt.LanguageName!, prompt.SourceText);
                Assert.Equal(setting, prompt.Setting);
            }
        }
        Assert.Contains("fr", Assert.Throws<ArgumentException>(() => task.Prompts(new("xx", "en", "fr"), PromptUse.Test, 1, false)).Message);
    }

    [Fact]
    public void Templates_need_their_slots_and_sources_some_text()
    {
        Assert.Throws<FormatException>(() => new PromptTemplate("x", "Translate {src}:"));
        Assert.Throws<FormatException>(() => new PromptTemplate("x", "Translate {src} into {tgt_lang}: {tgt}"));
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => AuthorsPrompts.Discovery[0].Fill(" ", "fr", " x", Pair)).Message);
    }

    private static string TextUpTo(TranslationPrompt prompt, PromptPosition position, PositionSet set)
    {
        var located = LocatedPrompt.Of(Model, prompt, set);
        var index = located.Positions[set.Positions.ToList().IndexOf(position)]!.Value;
        return Model.Tokenizer!.Decode(located.Ids.Take(index + 1), skipSpecial: true);
    }
}
