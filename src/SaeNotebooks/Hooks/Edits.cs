using System.Collections;
using System.Runtime.CompilerServices;
using SaeNotebooks.Display;

namespace SaeNotebooks.Hooks;

/// <summary>The edits of a run, in the order in which they apply. A single <see cref="Edit"/> or a list in brackets converts to
/// it.</summary>
[CollectionBuilder(typeof(Edits), nameof(Create)), TypeFormatterSource(typeof(FormatterSource))]
public sealed class Edits : IReadOnlyList<Edit>, IDisplayable
{
    private readonly Edit[] _edits;

    private Edits(Edit[] edits) => _edits = edits;

    /// <summary>No edits.</summary>
    public static Edits None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _edits.Length;

    /// <inheritdoc/>
    public Edit this[int index] => _edits[index];

    /// <summary>Builds a list of edits.</summary>
    public static Edits Create(params ReadOnlySpan<Edit> edits) => new(edits.ToArray());

    /// <summary>The edits of the left side, then those of the right.</summary>
    public static Edits operator +(Edits left, Edits right) => new([.. left._edits, .. right._edits]);

    /// <summary>The same edits for some neighbouring prompts alone, as if no others ran.</summary>
    internal Edits Part(int first, int count) => new([.. _edits.Select(e => new PartEdit(e, first, count))]);

    /// <summary>A single edit is a list.</summary>
    public static implicit operator Edits(Edit edit) => new([edit]);

    /// <summary>Several edits are a list.</summary>
    public static implicit operator Edits(Edit[] edits) => new([.. edits]);

    /// <summary>Several edits are a list.</summary>
    public static implicit operator Edits(List<Edit> edits) => new([.. edits]);

    /// <inheritdoc/>
    public string ToHtml() => Count == 0 ? "<div>no edits</div>"
        : $"<ol class=\"sae-edits\" style=\"margin:0;padding-left:2em\">{string.Concat(_edits.Select(e => $"<li>{Html.Encode(e.ToText())}</li>"))}</ol>";

    /// <inheritdoc/>
    public string ToText() => Count == 0 ? "no edits" : string.Join("\n", _edits.Select((e, i) => $"{i + 1}. {e.ToText()}"));

    /// <inheritdoc/>
    public override string ToString() => ToText();

    /// <inheritdoc/>
    public IEnumerator<Edit> GetEnumerator() => ((IEnumerable<Edit>)_edits).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
