namespace SaeNotebooks.Models.Known;

/// <summary>How a model is asked to translate a sentence or to repeat it: the two tasks that the notebooks compare.</summary>
/// <remarks>Models that are trained on instructions get them as plain text, without a chat template, as Wu et al. (2026, arXiv:2601.11019) do.</remarks>
public sealed record TranslationPrompts
{
    /// <summary>For models that only go on with a text: a list of a sentence in several languages.</summary>
    internal static TranslationPrompts ByContinuation { get; } = new()
    {
        Translation = "English: {sentence}\n{language}:", Repetition = "English: {sentence}\nEnglish:", Copy = "Sentence: {sentence}\nSentence:",
    };

    /// <summary>For models that follow instructions.</summary>
    internal static TranslationPrompts ByInstruction { get; } = new()
    {
        Translation = "Translate into {language}, and give only the translation: {sentence}\n", Repetition = "Repeat, and give only the sentence: {sentence}\n",
        Copy = "Copy, and give only the copy: {sentence}\n",
    };

    /// <summary>The prompt that asks for a translation, with <c>{language}</c> and <c>{sentence}</c> to be filled in.</summary>
    public required string Translation { get; init; }

    /// <summary>The prompt that asks for the sentence as it is, with <c>{sentence}</c>.</summary>
    public required string Repetition { get; init; }

    /// <summary>Another prompt that asks for the sentence as it is, for controls.</summary>
    public required string Copy { get; init; }

    /// <summary>What ends an answer, for models that only go on with a text do not stop there.</summary>
    public string End { get; init; } = "\n";

    /// <summary>A prompt that asks for a translation of an English sentence.</summary>
    /// <param name="sentence">the sentence</param>
    /// <param name="language">the English name of a language, such as <c>French</c></param>
    public string Translate(string sentence, string language) => Filled(Translation.Replace("{language}", language, StringComparison.Ordinal), sentence);

    /// <summary>A prompt that asks for an English sentence as it is.</summary>
    /// <param name="sentence">the sentence</param>
    public string Repeat(string sentence) => Filled(Repetition, sentence);

    /// <summary>The same in other words.</summary>
    /// <param name="sentence">the sentence</param>
    public string RepeatOtherwise(string sentence) => Filled(Copy, sentence);

    /// <summary>The answer in what a model wrote.</summary>
    /// <param name="written">what was generated after the prompt</param>
    public string Answer(string written) => written.TrimStart().Split(End)[0].TrimEnd();

    private static string Filled(string template, string sentence) => template.Replace("{sentence}", sentence, StringComparison.Ordinal);
}
