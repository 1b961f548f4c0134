using SaeNotebooks.Generation;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Tests.Study;

/// <summary>The corpus with a few settings, which can go off after so many answers.</summary>
internal sealed class SmallTask : ITranslationTask
{
    private readonly CorpusTask _corpus = new(Corpora.Corpus, Corpora.Judge) { Generation = new() { MaxNewTokens = 3 } };
    private int _answers;

    public int? AnswersUntilOff { get; init; }
    public string Name => _corpus.Name;
    public string QualityName => _corpus.QualityName;
    public Setting Base => _corpus.Base;
    public IReadOnlyList<Setting> Settings => [.. _corpus.Settings.Where(s => s.Prompt == "en" && s.From == "en"), new("fr", "de", "en")];
    public GenerationOptions Generation => _corpus.Generation;
    public IReadOnlyList<TranslationPrompt> Prompts(Setting setting, PromptUse use, int sentences, bool everyWording) => _corpus.Prompts(setting, use, sentences, everyWording);
    public IReadOnlyList<string> OtherTasks(int prompts) => _corpus.OtherTasks(prompts);
    public IReadOnlyList<TransferPrompts> Transfer(int prompts) => _corpus.Transfer(prompts);

    public Judgement Judge(TranslationPrompt prompt, GeneratedText answer) =>
        _answers++ == AnswersUntilOff ? throw new OperationCanceledException() : _corpus.Judge(prompt, answer);
}
