namespace SaeNotebooks.Training.Corpus;

/// <summary>What French words do to each other: elision before a vowel, and du, des, au, aux.</summary>
internal static class FrenchSandhi
{
    private static readonly string[] AspiratedH =
    [
        "hach", "haï", "haie", "hall", "hamac", "hamster", "hanche", "hand", "hang", "hareng", "haricot", "hasard", "haut", "hérisson", "héro",
        "héron", "hibou", "hockey", "homard", "hont", "hors", "housse", "huit", "hurl", "hutte", "hano",
    ];
    private static readonly string[] NoElision = ["onze", "oui", "yaourt", "yacht", "yoga"];
    private static readonly HashSet<string> Elidable = ["le", "la", "de", "que", "je", "ne", "parce-que"];

    /// <summary>Contracts and elides in place.</summary>
    public static void Apply(List<string> words)
    {
        Contract(words);
        for (var i = 0; i + 1 < words.Count; i++)
            if (Elidable.Contains(words[i]) && StartsWithVowel(words[i + 1]))
                words[i] = words[i][..^1] + "'";
            else if (words[i] == "si" && words[i + 1] is "il" or "ils" && words[i] == "si")
                words[i] = "s'";
    }

    /// <summary>Whether elision happens before the word.</summary>
    public static bool StartsWithVowel(string word)
    {
        var lower = word.ToLowerInvariant();
        return lower[0] == 'h'
            ? !AspiratedH.Any(start => lower.StartsWith(start, StringComparison.Ordinal))
            : "aeiouâàäéèêëîïôöùûüœæ".Contains(lower[0]) && !NoElision.Contains(lower);
    }

    private static void Contract(List<string> words)
    {
        for (var i = 0; i + 1 < words.Count; i++)
        {
            var elided = words[i + 1] == "le" && i + 2 < words.Count && StartsWithVowel(words[i + 2]);
            var contracted = elided ? null : (words[i], words[i + 1]) switch
            {
                ("de", "le") => "du",
                ("de", "les") => "des",
                ("à", "le") => "au",
                ("à", "les") => "aux",
                _ => null,
            };
            if (contracted is null)
                continue;
            words[i] = contracted;
            words.RemoveAt(i + 1);
        }
    }
}
