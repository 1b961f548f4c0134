using SaeNotebooks.Training.Bpe;

namespace SaeNotebooks.Training.Tests.Bpe;

/// <summary>A small corpus in the five languages, and text of any kind to throw at a tokenizer.</summary>
internal static class SampleText
{
    private static readonly string[] Sentences =
    [
        "The teacher gave the old book to the child yesterday.\nThe child reads the book.",
        "Le professeur a donné le vieux livre à l'enfant hier.\nL'enfant lit le livre.",
        "Der Lehrer hat dem Kind gestern das alte Buch gegeben.\nDas Kind liest das Buch.",
        "El profesor le dio ayer el libro viejo al niño. ¿Qué lee el niño?\nEl niño lee el libro.",
        "Hôm qua giáo viên đã đưa quyển sách cũ cho đứa trẻ.\nĐứa trẻ đọc quyển sách.",
        "banana bananas aaaa aaaaa abcabc bcabca 12 1234 “quoted” (French) a:b — x",
    ];

    public static WordCounts Words(int repeats = 2)
    {
        var words = new WordCounts();
        for (var i = 0; i < repeats; i++)
            foreach (var sentence in Sentences) words.Add(sentence);
        return words;
    }

    public static string Sentence(int i) => Sentences[i];

    /// <summary>Any Unicode scalar values, with spaces, line breaks and plain letters mixed in.</summary>
    public static string AnyUnicode(int seed, int length)
    {
        var state = (ulong)seed * 2862933555777941757UL + 3037000493UL;
        uint Next(uint below) => (uint)((state = state * 6364136223846793005UL + 1442695040888963407UL) >> 33) % below;
        var text = new System.Text.StringBuilder();
        while (text.Length < length)
            text.Append(Next(4) switch
            {
                0 => " \n\t\u00a0.,'"[(int)Next(7)].ToString(),
                1 => ((char)('a' + Next(26))).ToString(),
                2 => ((char)(0xA0 + Next(0x1F00))).ToString(),
                _ => Next(0x110000) is var v && System.Text.Rune.IsValid((int)v) ? new System.Text.Rune(v).ToString() : "ß",
            });
        return text.ToString();
    }
}
