using System.Globalization;
using System.Text;

namespace SaeNotebooks.Tokenization;

/// <summary>
/// Unicode normalisation form C (UAX #15). <see cref="string.Normalize()"/> returns its argument unchanged where the process runs
/// without culture data, as ours does, and token ids would then differ without a word.
/// </summary>
internal static class Nfc
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7, Leads = 19, Vowels = 21, Tails = 28;
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int, int), int> Compositions = [];
    private static readonly Dictionary<int, byte> Classes = [];

    static Nfc()
    {
        using var reader = new StreamReader(typeof(Nfc).Assembly.GetManifestResourceStream("SaeNotebooks.Tokenization.nfc.txt")!);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#')) ReadLine(line);
    }

    public static string Normalize(string text) => text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF') ? Text(Compose(Decompose(text)))
        : text;

    /// <summary>Normalises, and says for each UTF-16 code unit of the result (and its end) where in the text it came from.</summary>
    public static (string Text, int[] Origin) NormalizeWithOrigin(string text)
    {
        var result = new StringBuilder();
        var origin = new List<int>();
        // Composition never crosses the boundaries of what readers see as one character.
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            var element = Normalize(text.Substring(at, length));
            for (var i = 0; i < element.Length; i++) origin.Add(element.Length == length ? at + i : at);
            result.Append(element);
            at += length;
        }
        origin.Add(text.Length);
        var whole = Normalize(text);
        return result.ToString() == whole ? (whole, [.. origin]) : (whole, [.. Enumerable.Range(0, whole.Length + 1).Select(i =>
            Math.Min(i, text.Length))]);
    }

    private static void ReadLine(string line)
    {
        var isMapping = line[0] is '=' or '-';
        var fields = line[(isMapping ? 1 : 0)..].Split(' ');
        var codes = fields[..^(isMapping ? 0 : 1)].Select(f =>
            int.Parse(f, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        if (isMapping) Decompositions[codes[0]] = codes[1..];
        if (line[0] == '=') Compositions[(codes[1], codes[2])] = codes[0];
        if (!isMapping)
            for (var code = codes[0]; code <= codes[1]; code++) Classes[code] = byte.Parse(fields[^1], CultureInfo.InvariantCulture);
    }

    private static byte Class(int code) => Classes.GetValueOrDefault(code);

    /// <summary>Full canonical decomposition, marks in canonical order.</summary>
    private static List<int> Decompose(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Expand(rune.Value, codes);
        for (var i = 1; i < codes.Count; i++) // insertion sort within each run of marks: stable, and runs are short
            for (var j = i; j > 0 && Class(codes[j]) != 0 && Class(codes[j - 1]) > Class(codes[j]); j--)
                (codes[j], codes[j - 1]) = (codes[j - 1], codes[j]);
        return codes;
    }

    private static void Expand(int code, List<int> into)
    {
        var syllable = code - HangulBase;
        if ((uint)syllable < Leads * Vowels * Tails)
        {
            into.Add(LeadBase + syllable / (Vowels * Tails));
            into.Add(VowelBase + syllable % (Vowels * Tails) / Tails);
            if (syllable % Tails > 0) into.Add(TailBase + syllable % Tails);
        }
        else if (Decompositions.TryGetValue(code, out var parts))
            foreach (var part in parts) Expand(part, into);
        else into.Add(code);
    }

    private static List<int> Compose(List<int> codes)
    {
        var composed = new List<int>(codes.Count);
        var starter = -1;
        foreach (var code in codes)
        {
            var isBlocked = starter >= 0 && starter < composed.Count - 1 && Class(composed[^1]) >= Class(code);
            if (starter >= 0 && !isBlocked && Pair(composed[starter], code) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }
            if (Class(code) == 0) starter = composed.Count;
            composed.Add(code);
        }
        return composed;
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads && second - VowelBase is >= 0 and < Vowels)
            return HangulBase + ((first - LeadBase) * Vowels + second - VowelBase) * Tails;
        if (first - HangulBase is >= 0 and < Leads * Vowels * Tails && (first - HangulBase) % Tails == 0
            && second - TailBase is > 0 and < Tails)
            return first + second - TailBase;
        return Compositions.TryGetValue((first, second), out var composite) ? composite : null;
    }

    private static string Text(List<int> codes)
    {
        var text = new StringBuilder(codes.Count);
        foreach (var code in codes) text.Append(new Rune(code).ToString());
        return text.ToString();
    }
}
