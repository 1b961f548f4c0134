using System.Text;

namespace SaeNotebooks.Tokenization;

/// <summary>Writes a changed text while keeping track of where each of its parts came from.</summary>
internal sealed class AlignedTextBuilder(AlignedText source)
{
    private readonly StringBuilder _text = new(source.Text.Length);
    private readonly List<(int Start, int End)>? _origins = source.Origins is null ? null : new(source.Text.Length);

    /// <summary>Takes code units over as they are.</summary>
    public void Copy(int start, int length)
    {
        _text.Append(source.Text, start, length);
        _origins?.AddRange(source.Origins.AsSpan(start, length));
    }

    /// <summary>Writes text that stands for code units of the source; for none at all if the length is 0.</summary>
    public void Put(ReadOnlySpan<char> text, int start, int length)
    {
        _text.Append(text);
        if (_origins is null) return;
        var origin = length > 0 ? source.OriginOf(start, length) : (Before(start), Before(start));
        for (var i = 0; i < text.Length; i++) _origins.Add(origin);
    }

    public AlignedText ToText() => new(_text.ToString(), _origins?.ToArray(), source.BeginsText);

    private int Before(int at) => at < source.Text.Length ? source.Origins![at].Start : at > 0 ? source.Origins![at - 1].End : 0;
}
