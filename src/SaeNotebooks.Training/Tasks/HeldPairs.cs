using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>Ordered language pairs that training never puts together; every language still occurs as source and as target.</summary>
public static class HeldPairs
{
    /// <summary>The held-out pairs, source first.</summary>
    public static IReadOnlyList<(Language Source, Language Target)> All { get; } =
    [
        (Language.German, Language.Spanish),
        (Language.Vietnamese, Language.French),
        (Language.French, Language.Vietnamese),
    ];

    /// <summary>Whether the pair is held out.</summary>
    public static bool Contains(Language source, Language target) => All.Contains((source, target));

    /// <summary>The languages that training names as target beside this source.</summary>
    public static IReadOnlyList<Language> TrainedTargets(Language source) => Targets[(int)source];

    private static readonly Language[][] Targets =
        [.. Languages.All.Select(s => Languages.All.Where(t => t != s && !All.Contains((s, t))).ToArray())];
}
