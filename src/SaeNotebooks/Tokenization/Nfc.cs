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
    private static readonly HashSet<int> Followers = []; // second halves of compositions

    static Nfc()
    {
        using var reader = new StreamReader(typeof(Nfc).Assembly.GetManifestResourceStream("SaeNotebooks.Tokenization.nfc.txt")!);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#')) ReadLine(line);
    }

    public static string Normalize(string text) => text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF') ? Text(Compose(Decompose(text)))
        : text;

    /// <summary>Start and length of the parts of a text that can be normalised one by one, since nothing in one affects another.</summary>
    public static IEnumerable<(int Start, int Length)> Segments(string text)
    {
        var (start, at) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (at > start && BeginsSegment(rune.Value))
            {
                yield return (start, at - start);
                start = at;
            }
            at += rune.Utf16SequenceLength;
        }
        if (at > start) yield return (start, at - start);
    }

    /// <summary>Whether what a character decomposes into neither moves before nor joins what precedes it.</summary>
    private static bool BeginsSegment(int code)
    {
        while (Decompositions.TryGetValue(code, out var parts)) code = parts[0];
        return Class(code) == 0 && !Followers.Contains(code)
            && code is not (>= VowelBase and < VowelBase + Vowels or > TailBase and < TailBase + Tails);
    }

    private static void ReadLine(string line)
    {
        var isMapping = line[0] is '=' or '-';
        var fields = line[(isMapping ? 1 : 0)..].Split(' ');
        var codes = fields[..^(isMapping ? 0 : 1)].Select(f =>
            int.Parse(f, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        if (isMapping) Decompositions[codes[0]] = codes[1..];
        if (line[0] == '=')
        {
            Compositions[(codes[1], codes[2])] = codes[0];
            Followers.Add(codes[2]);
        }
        if (!isMapping)
            for (var code = codes[0]; code <= codes[1]; code++) Classes[code] = byte.Parse(fields[^1], CultureInfo.InvariantCulture);
    }

    private static byte Class(int code) => Classes.GetValueOrDefault(code);

    /// <summary>Full canonical decomposition, marks in canonical order.</summary>
    private static List<int> Decompose(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Expand(rune.Value, codes);
        for (var at = 0; at < codes.Count; at++)
        {
            var marks = at;
            while (at < codes.Count && Class(codes[at]) != 0) at++;
            if (at - marks < 2) continue;
            var ordered = codes.GetRange(marks, at - marks).OrderBy(Class).ToList(); // stable
            for (var i = 0; i < ordered.Count; i++) codes[marks + i] = ordered[i];
        }
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
