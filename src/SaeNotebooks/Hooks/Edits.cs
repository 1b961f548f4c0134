using System.Collections;
using System.Runtime.CompilerServices;

namespace SaeNotebooks.Hooks;

/// <summary>The edits of a run, in the order in which they apply. A single <see cref="Edit"/> or a list in brackets converts to
/// it.</summary>
[CollectionBuilder(typeof(Edits), nameof(Create))]
public sealed class Edits : IReadOnlyList<Edit>
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

    /// <summary>A single edit is a list.</summary>
    public static implicit operator Edits(Edit edit) => new([edit]);

    /// <summary>Several edits are a list.</summary>
    public static implicit operator Edits(Edit[] edits) => new([.. edits]);

    /// <summary>Several edits are a list.</summary>
    public static implicit operator Edits(List<Edit> edits) => new([.. edits]);

    /// <inheritdoc/>
    public IEnumerator<Edit> GetEnumerator() => ((IEnumerable<Edit>)_edits).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
