using SaeNotebooks.Generation;
using SaeNotebooks.Tokenization.Chats;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Parallel;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Tests.Study;

public class ParallelTaskTests
{
    private static readonly string Folder = Path.Combine(Corpora.DataFolder, "parallel");
    private static readonly PublishedPrompts Wordings = PublishedPrompts.Load(Path.Combine(Corpora.DataFolder, "tasks"));
    private static readonly ParallelTask Task = new([ParallelData.Read("en-zh", Folder), ParallelData.Read("en-ja", Folder), ParallelData.Read("en-fr", Folder)], Wordings);

    [Fact]
    public void Prompts_are_the_authors_in_English_and_name_languages_elsewhere()
    {
        Assert.Equal(new("en", "en", "zh"), Task.Base);
        var prompts = Task.Prompts(Task.Base, PromptUse.Discovery, 2, everyWording: true);
        Assert.Equal(["P1", "P2", "P3"], prompts.Take(3).Select(p => p.Wording));
        Assert.StartsWith("Please translate the following query into zh, Provide only the translation: ", prompts[0].Text);
        Assert.All(prompts, p => Assert.Equal(' ', p.Answer[0]));
        Assert.EndsWith(": \n", Task.Prompts(Task.Base, PromptUse.Test, 3, everyWording: true)[2].Text);
        Assert.Contains("en japonais", Task.Prompts(new("fr", "en", "ja"), PromptUse.Discovery, 1, everyWording: true)[0].Text);
        Assert.Equal(["zh"], Task.Prompts(Task.Base, PromptUse.Discovery, 9, true).Select(p => p.LanguageName).Distinct());
    }

    [Fact]
    public void Sentences_of_discovery_and_test_are_apart_and_join_on_their_ids()
    {
        var found = Task.Prompts(Task.Base, PromptUse.Discovery, ParallelTask.DiscoverySentences, everyWording: false).Select(p => p.SourceText).ToHashSet();
        var test = Task.Prompts(Task.Base, PromptUse.Test, 112, everyWording: false).Select(p => p.SourceText).ToHashSet();
        Assert.Equal((98, 112, 0), (found.Count, test.Count, found.Intersect(test).Count()));
        // Chinese with Japanese, over the English sentence that both translate.
        var (from, to) = (ParallelData.Read("en-zh", Folder).Sentences.ToDictionary(s => s.Target, s => s.Id), ParallelData.Read("en-ja", Folder).Sentences.ToDictionary(s => s.Id, s => s.Target));
        Assert.All(Task.Prompts(new("en", "zh", "ja"), PromptUse.Test, 30, everyWording: false), p => Assert.Equal(to[from[p.SourceText]], p.Answer.Trim()));
    }

    [Fact]
    public void Other_tasks_have_the_frames_and_sentences_of_discovery_and_the_sources_language()
    {
        var found = Task.Prompts(Task.Base, PromptUse.Discovery, ParallelTask.DiscoverySentences, everyWording: false).Select(p => p.SourceText).ToHashSet();
        var prompts = Task.OtherTasks(300);
        Assert.Equal(3 * 98, prompts.Distinct().Count()); // then over again
        Assert.All(prompts, p => Assert.Contains(found, p.Contains));
        Assert.All(prompts.Index(), p => Assert.StartsWith(new[] { "Please answer the following query in en, ", "Please continue the following text ", "Summarize " }[p.Index % 3], p.Item));
        Assert.Contains("in English, Provide only the answer", new ParallelTask([ParallelData.Read("en-zh", Folder)], PublishedPrompts.Load(Path.Combine(Corpora.DataFolder, "tasks"), nameInEnglish: true)).OtherTasks(1)[0]);
    }

    [Fact]
    public void Prompts_can_be_turns_of_a_chat_in_which_everything_is_found_again()
    {
        var chat = new ParallelTask([ParallelData.Read("en-ar", Folder)], Wordings) { Chat = new GemmaTemplate() };
        var plain = new ParallelTask([ParallelData.Read("en-ar", Folder)], Wordings);
        foreach (var (turn, prompt) in chat.Prompts(chat.Base, PromptUse.Test, 40, everyWording: true).Zip(plain.Prompts(plain.Base, PromptUse.Test, 40, everyWording: true)))
        {
            Assert.Equal($"<start_of_turn>user\n{prompt.Text.Trim()}<end_of_turn>\n<start_of_turn>model\n", turn.Text);
            Assert.Equal((prompt.SourceText, "ar", prompt.Answer.Trim(), prompt.Setting), (turn.SourceText, turn.LanguageName, turn.Answer, turn.Setting));
        }
        Assert.All(chat.OtherTasks(3), p => Assert.EndsWith("<start_of_turn>model\n", p));
    }

    [Fact]
    public void Settings_change_one_role_at_a_time_in_every_language_of_prompts()
    {
        Assert.Equal(new HashSet<string> { "en", "zh", "ja", "fr" }, [.. Task.Settings.Select(s => s.Prompt)]);
        Assert.All(Task.Settings, s => Assert.True(s.From == "en" || s.To == "zh"));
        Assert.Equal(Task.Settings.Count, Task.Settings.Distinct().Count());
        Assert.All(Task.Settings, s => Assert.NotEmpty(Task.Prompts(s, PromptUse.Screening, 1, everyWording: false)));
    }

    [Theory]
    [InlineData("市长于周二辞职。", false, "translation")]
    [InlineData("The mayor resigned on Tuesday.", true, "wrong_language, source_copied")]
    [InlineData("", true, "empty")]
    public void Answers_are_judged_by_the_detectors_and_chrF(string text, bool offTask, string kind)
    {
        var prompt = AuthorsPrompts.Discovery[0].Fill("The mayor resigned on Tuesday.", "zh", " 市长于周二辞职。", Task.Base);
        var judged = Task.Judge(prompt, new GeneratedText([], [], text, FinishReason.StopToken));
        Assert.Equal((offTask, kind), (judged.OffTask, judged.Kind));
        Assert.Equal(offTask ? 0 : 100, judged.Quality, 1.0);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        Assert.Contains("112 for test", Assert.Throws<ArgumentException>(() => Task.Prompts(Task.Base, PromptUse.Test, 500, false)).Message);
        Assert.Contains("no wordings in 'ko'", Assert.Throws<ArgumentException>(() => Task.Prompts(new("ko", "en", "zh"), PromptUse.Test, 1, false)).Message);
        Assert.Contains("'vi'", Assert.Throws<ArgumentException>(() => Task.Prompts(new("en", "en", "vi"), PromptUse.Test, 1, false)).Message);
        Assert.Contains("is from 'fr'", Assert.Throws<ArgumentException>(() => new ParallelTask([ParallelData.Read("fr-en", Folder)], Wordings)).Message);
        var few = ParallelData.Read("en-zh", Folder) with { Sentences = [.. ParallelData.Read("en-zh", Folder).Sentences.Take(98)] };
        Assert.Contains("needs more than 98", Assert.Throws<ArgumentException>(() => new ParallelTask([few], Wordings)).Message);
    }

    [Fact]
    public void Every_language_has_names_for_all_others()
    {
        string[] codes = [.. ParallelData.Pairs(Folder).Select(p => p[3..]), "en"];
        Assert.Equal(codes.Order(), Wordings.Languages.Order());
        Assert.All(from a in codes from b in codes select Wordings.Name(a, b), name => Assert.False(string.IsNullOrWhiteSpace(name)));
        Assert.Equal("zh", Wordings.Name("en", "zh"));
    }
}
