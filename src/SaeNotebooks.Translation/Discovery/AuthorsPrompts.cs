namespace SaeNotebooks.Translation.Discovery;

/// <summary>
/// The wordings of the authors' code (github.com/flamewei123/AAAI26-translation-Initiation-Features, read at 939d9427; facts, no code taken). In the
/// second, their influence and intervention scripts leave the slot of the target in, which fails when it is filled; here it is left out.
/// </summary>
public static class AuthorsPrompts
{
    /// <summary>For discovery and influence; the translation follows after a space.</summary>
    public static IReadOnlyList<PromptTemplate> Discovery { get; } =
    [
        new("P1", "Please translate the following query into {tgt_lang}, Provide only the translation: {src}:"),
        new("P2", "Please translate the following query {src} into {tgt_lang}:"),
        new("P3", "Translate {src} into {tgt_lang}:"),
    ];

    /// <summary>For generation: the third differs from that of discovery.</summary>
    public static IReadOnlyList<PromptTemplate> Generation { get; } =
        [Discovery[0], Discovery[1], new("P3g", "Please translate {src} into {tgt_lang}: \n")];

    /// <summary>The frames of <see cref="Discovery"/> with another task in them: not the authors', but a control of what latents answer to.</summary>
    public static IReadOnlyList<PromptTemplate> OtherTasks { get; } =
    [
        new("O1", "Please answer the following query in {tgt_lang}, Provide only the answer: {src}:"),
        new("O2", "Please continue the following text {src} in {tgt_lang}:"),
        new("O3", "Summarize {src} in {tgt_lang}:"),
    ];

    /// <summary>For scoring examples of a pool; the translation follows at once.</summary>
    public static PromptTemplate Scoring { get; } = new("P-score", "Please translate the following text into {tgt_lang}: \n{src} \n");
}
