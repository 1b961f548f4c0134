namespace SaeNotebooks.Training.Corpus;

/// <summary>FNV-1a over UTF-16 code units with a final mix: the same on every platform and run, unlike <see cref="string.GetHashCode()"/>.</summary>
public static class StableHash
{
    /// <summary>A 64-bit hash of the text.</summary>
    public static ulong Of(string text)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var unit in text)
            hash = (hash ^ unit) * 0x100000001B3UL;
        hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93UL;
        return hash ^ (hash >> 32);
    }
}
