using System.Collections;
using System.Runtime.CompilerServices;
using SaeNotebooks.Display;

namespace SaeNotebooks.Hooks;

/// <summary>The hooks that a run is asked to capture: one, several (<c>[Hook.ResidPre(0), Hook.ResidPost(3)]</c>), or one in each
/// layer.</summary>
[CollectionBuilder(typeof(HookSet), nameof(Create)), TypeFormatterSource(typeof(FormatterSource))]
public sealed class HookSet : IReadOnlyCollection<HookName>, IDisplayable
{
    private readonly SortedSet<HookName> _names;

    private HookSet(IEnumerable<HookName> names) => _names = [.. names];

    /// <summary>No hooks.</summary>
    public static HookSet None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _names.Count;

    /// <summary>Builds a set; duplicates count once.</summary>
    public static HookSet Create(params ReadOnlySpan<HookName> names) => new(names.ToArray());

    /// <summary>The same kind of hook in layers 0 to <paramref name="nLayers"/> − 1, for example <c>HookSet.EachLayer(8,
    /// Hook.ResidPost)</c>.</summary>
    public static HookSet EachLayer(int nLayers, Func<int, HookName> hook) => new(Enumerable.Range(0, nLayers).Select(hook));

    /// <summary>Both sets together.</summary>
    public static HookSet operator +(HookSet left, HookSet right) => new(left.Concat(right));

    /// <summary>A single hook is a set.</summary>
    public static implicit operator HookSet(HookName name) => new([name]);

    /// <summary>A TransformerLens name is a set of one hook.</summary>
    public static implicit operator HookSet(string name) => new([HookName.Parse(name)]);

    /// <summary>Several hooks are a set.</summary>
    public static implicit operator HookSet(HookName[] names) => new(names);

    /// <summary>Several hooks are a set.</summary>
    public static implicit operator HookSet(List<HookName> names) => new(names);

    /// <inheritdoc/>
    public string ToHtml() => HookTable.Of(this).ToHtml();

    /// <inheritdoc/>
    public string ToText() => Count == 0 ? "no hooks" : HookTable.Of(this).ToText();

    /// <summary>The names.</summary>
    public override string ToString() => Count == 0 ? "no hooks" : string.Join(", ", _names);

    /// <summary>In the order of evaluation.</summary>
    public IEnumerator<HookName> GetEnumerator() => _names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
