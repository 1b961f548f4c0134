using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Tests.Tasks;

public class TaskPromptsTests
{
    private static readonly TaskPrompts Prompts = new(Corpora.Grammar, Corpora.Wordings);
    private static readonly Meaning[] Meanings = [.. Draw()];

    [Fact]
    public void An_instructed_prompt_carries_its_reference_answer()
    {
        var document = Prompts.Instructed("translate.en.01", Meanings[0], Language.German, Language.Spanish);
        Assert.Equal($"Translate into Spanish: {Say(0, Language.German)}\n", document.Prompt);
        Assert.Equal(Say(0, Language.Spanish), document.Answer);
        Assert.Equal("translate.en.01", document.WordingId);
    }

    [Fact]
    public void A_repetition_repeats_and_a_continuation_is_open()
    {
        Assert.Equal(Say(0, Language.French), Prompts.Instructed("repeat.de.01", Meanings[0], Language.French, Language.French).Answer);
        Assert.Equal("", Prompts.Instructed("continue.es.01", Meanings[0], Language.French, Language.French).Answer);
    }

    [Fact]
    public void A_continuation_follows_all_that_is_told()
    {
        var document = Prompts.Continuation("continue.en.01", Meanings[..2], Language.German, Language.German);
        Assert.Contains($"{Say(0, Language.German)} {Say(1, Language.German)}", document.Prompt);
        Assert.Equal(("", TaskKind.Continue), (document.Answer, document.Task));
        Assert.Throws<ArgumentException>(() => Prompts.Continuation("repeat.en.01", Meanings[..2], Language.German, Language.German));
        Assert.Throws<ArgumentException>(() => Prompts.Continuation("continue.en.01", [], Language.German, Language.German));
    }

    [Fact]
    public void An_answer_needs_its_question()
    {
        var (meaning, question) = Meanings.Select(m => (m, Corpora.Grammar.Ask(m, new Rng(1)))).First(x => x.Item2 is not null);
        var document = Prompts.Instructed("answer.en.04", meaning, Language.Vietnamese, Language.Vietnamese, question);
        Assert.EndsWith($"Question: {question!.Text(Language.Vietnamese)}\n", document.Prompt);
        Assert.Equal(question.Answer(Language.Vietnamese), document.Answer);
        Assert.Throws<ArgumentException>(() => Prompts.Instructed("answer.en.04", meaning, Language.Vietnamese, Language.Vietnamese));
    }

    [Fact]
    public void Few_shot_prompts_show_solved_examples()
    {
        var document = Prompts.FewShot(TaskKind.Translate, Meanings[1..3], Meanings[0], Language.English, Language.Vietnamese);
        string[] lines =
        [
            Say(1, Language.English), Say(1, Language.Vietnamese), Say(2, Language.English), Say(2, Language.Vietnamese), Say(0, Language.English),
        ];
        Assert.Equal(string.Join('\n', lines) + "\n", document.Prompt);
        Assert.Equal(Say(0, Language.Vietnamese), document.Answer);
        Assert.Throws<ArgumentException>(() => Prompts.FewShot(TaskKind.Continue, Meanings[1..3], Meanings[0], Language.English, Language.English));
        Assert.Throws<ArgumentException>(() => Prompts.FewShot(TaskKind.Repeat, [], Meanings[0], Language.English, Language.English));
    }

    private static string Say(int i, Language language) => Corpora.Grammar.Realize(Meanings[i], language);

    private static IEnumerable<Meaning> Draw()
    {
        var (sampler, rng) = (new MeaningSampler(Corpora.Grammar), new Rng(3));
        return Enumerable.Range(0, 20).Select(_ => sampler.Sentence(rng));
    }
}
