using SaeNotebooks.Generation;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Translation.Study;

/// <summary>What a prompt is drawn for; sentences of different uses never meet.</summary>
public enum PromptUse
{
    /// <summary>Finding candidates.</summary>
    Discovery,

    /// <summary>Ranking candidates.</summary>
    Screening,

    /// <summary>What is reported of those chosen.</summary>
    Test,
}

/// <summary>Prompts on which it is seen whether findings carry over.</summary>
/// <param name="Name">what is new about them</param>
/// <param name="Prompts">the prompts</param>
public sealed record TransferPrompts(string Name, IReadOnlyList<TranslationPrompt> Prompts);

/// <summary>What became of an answer.</summary>
/// <param name="Text">the answer as judged</param>
/// <param name="OffTask">whether it is something else than a translation into the target language</param>
/// <param name="Kind">in which way, or how well</param>
/// <param name="Quality">0 to 100, against the reference</param>
public sealed record Judgement(string Text, bool OffTask, string Kind, double Quality);

/// <summary>What a study of the translation switch is made on: sentences, wordings and languages that a model knows, and a judge of its answers.</summary>
public interface ITranslationTask
{
    /// <summary>A name for reports.</summary>
    string Name { get; }

    /// <summary>What the quality of answers is measured by.</summary>
    string QualityName { get; }

    /// <summary>The setting in which candidates are found.</summary>
    Setting Base { get; }

    /// <summary>Every setting, for recurrence and screening.</summary>
    IReadOnlyList<Setting> Settings { get; }

    /// <summary>How answers are generated.</summary>
    GenerationOptions Generation { get; }

    /// <summary>Draws prompts; the same call gives the same prompts.</summary>
    /// <param name="setting">the languages</param>
    /// <param name="use">what for</param>
    /// <param name="sentences">how many sentences</param>
    /// <param name="everyWording">each sentence in every wording, or in one of them in turn</param>
    /// <exception cref="ArgumentException">there are not so many sentences</exception>
    IReadOnlyList<TranslationPrompt> Prompts(Setting setting, PromptUse use, int sentences, bool everyWording);

    /// <summary>Prompts of languages and wordings that the model has not been trained on, if that is known.</summary>
    IReadOnlyList<TransferPrompts> Transfer(int prompts);

    /// <summary>Prompts framed as translation prompts are, an instruction with a text in or beside it, that ask for something else: latents which fire at their ends too answer to the
    /// frame and not to the task.</summary>
    /// <param name="prompts">how many, one at least</param>
    IReadOnlyList<string> OtherTasks(int prompts);

    /// <summary>Judges an answer to one of the prompts.</summary>
    Judgement Judge(TranslationPrompt prompt, GeneratedText answer);
}
