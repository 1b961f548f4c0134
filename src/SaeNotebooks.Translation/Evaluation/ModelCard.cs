using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Judging;
using SaeNotebooks.Translation.Measures;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>What was measured on a language model of the corpus. Every sentence is held out from training.</summary>
/// <param name="Model">the model's name</param>
/// <param name="Options">what was drawn</param>
/// <param name="Perplexity">per language, on stories</param>
/// <param name="Summary">translation for {seen, held-out pairs} × {seen, held-out wordings}</param>
/// <param name="Pairs">translation per ordered pair</param>
/// <param name="OffTask">translation prompts by strength of the wording</param>
/// <param name="Tasks">the other tasks, for seen and held-out wordings</param>
/// <param name="FewShot">translation told by examples alone</param>
/// <param name="Leak">whether training documents hold test sentences</param>
public sealed record ModelCard(string Model, ModelEvaluationOptions Options, IReadOnlyList<LanguagePerplexity> Perplexity,
    IReadOnlyList<TranslationSummary> Summary, IReadOnlyList<PairScore> Pairs, IReadOnlyList<OffTaskRow> OffTask,
    IReadOnlyList<TaskScore> Tasks, IReadOnlyList<FewShotScore> FewShot, LeakCheck Leak);

/// <summary>How much a model evaluation measures.</summary>
public sealed record ModelEvaluationOptions
{
    /// <summary>Translation prompts per ordered pair, for seen and for held-out wordings each.</summary>
    public int PromptsPerCell { get; init; } = 40;

    /// <summary>Prompts per other task, for seen and for held-out wordings each; and few-shot prompts.</summary>
    public int PromptsPerTask { get; init; } = 150;

    /// <summary>Stories per language.</summary>
    public int Stories { get; init; } = 40;

    /// <summary>Sentences of a story.</summary>
    public int SentencesPerStory { get; init; } = 6;

    /// <summary>Solved examples in a few-shot prompt.</summary>
    public int Examples { get; init; } = 3;

    /// <summary>Training documents that the nearest-template baseline knows.</summary>
    public int TemplateDocuments { get; init; } = 20_000;

    /// <summary>Training documents in which test sentences are looked for.</summary>
    public int LeakDocuments { get; init; } = 600_000;

    /// <summary>Longest answer, in tokens.</summary>
    public int MaxNewTokens { get; init; } = 40;

    /// <summary>Seed of all draws.</summary>
    public ulong Seed { get; init; } = 20_260_101;
}

/// <summary>Perplexity on stories of one language.</summary>
/// <param name="Language">the language</param>
/// <param name="PerToken">exp of the mean loss per token, the end marker not counted</param>
/// <param name="PerWord">exp of the loss per word: comparable between tokenizers</param>
/// <param name="Tokens">tokens predicted</param>
/// <param name="Words">words, separated by spaces</param>
public sealed record LanguagePerplexity(Language Language, double PerToken, double PerWord, int Tokens, int Words);

/// <summary>Translations of many prompts.</summary>
/// <param name="SetExact">share that are one of the compatible translations</param>
/// <param name="SingleExact">share equal to the one reference</param>
/// <param name="ChrF">corpus chrF against the one reference</param>
/// <param name="OffTask">share off task</param>
public sealed record TranslationScore(Estimate SetExact, Estimate SingleExact, double ChrF, Estimate OffTask);

/// <summary>One of the four cells of {seen, held-out pairs} × {seen, held-out wordings}.</summary>
/// <param name="PairSeen">whether training puts the language pairs together</param>
/// <param name="WordingSeen">whether training has the wordings</param>
/// <param name="Score">the model's</param>
/// <param name="NearestTemplate">of copying the answer of the most similar training source of the same pair; null where training has none</param>
public sealed record TranslationSummary(bool PairSeen, bool WordingSeen, TranslationScore Score, TranslationScore? NearestTemplate);

/// <summary>Translation from one language into another.</summary>
public sealed record PairScore(Language Source, Language Target, bool PairSeen, bool WordingSeen, TranslationScore Score);

/// <summary>Translation prompts in wordings of one strength.</summary>
/// <param name="WordingSeen">whether training has the wordings</param>
/// <param name="Strength">how clearly they say what to do</param>
/// <param name="OffTask">share off task</param>
/// <param name="Outcomes">answers by outcome</param>
public sealed record OffTaskRow(bool WordingSeen, Strength Strength, Estimate OffTask, IReadOnlyDictionary<Outcome, int> Outcomes);

/// <summary>Another task than translation.</summary>
/// <param name="Task">the task</param>
/// <param name="WordingSeen">whether training has the wordings</param>
/// <param name="Right">share of right answers; of continuations, sentences in the source's language that end and are no copy</param>
/// <param name="Outcomes">answers by outcome</param>
public sealed record TaskScore(TaskKind Task, bool WordingSeen, Estimate Right, IReadOnlyDictionary<Outcome, int> Outcomes);

/// <summary>Translation from solved examples alone.</summary>
/// <param name="PairSeen">whether training puts the language pairs together</param>
/// <param name="Score">the model's</param>
public sealed record FewShotScore(bool PairSeen, TranslationScore Score);

/// <summary>A search for test sentences in training documents.</summary>
/// <param name="Documents">training documents searched</param>
/// <param name="TestSentences">different sources and references of the translation prompts</param>
/// <param name="Found">how many of them occur in the documents</param>
/// <param name="PairsFound">how many prompts whose source and reference occur in the same document</param>
public sealed record LeakCheck(int Documents, int TestSentences, int Found, int PairsFound);
