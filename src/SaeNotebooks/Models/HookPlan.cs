using SaeNotebooks.Hooks;

namespace SaeNotebooks.Models;

/// <summary>What a run has to do at its hooks, checked against the model once and then only looked up.</summary>
internal sealed class HookPlan
{
    private readonly HashSet<HookName> _captures;
    private readonly Dictionary<HookName, Edit[]> _edits;
    private readonly ulong[] _active; // per layer, the points at which something happens; the last entry is for points outside blocks

    /// <param name="captures">what to keep</param>
    /// <param name="edits">what to change</param>
    /// <param name="hooks">what there is</param>
    /// <param name="explicitAttention">whether attention computes scores and patterns as tensors although nobody looks at them</param>
    /// <exception cref="ArgumentException">the model has no such hook</exception>
    public HookPlan(HookSet captures, Edits edits, ModelHooks hooks, bool explicitAttention)
    {
        ExplicitAttention = explicitAttention;
        _captures = [.. captures];
        _edits = edits.GroupBy(e => e.Hook).ToDictionary(g => g.Key, g => g.ToArray());
        _active = new ulong[hooks.NLayers + 1];
        foreach (var hook in _captures.Concat(_edits.Keys))
        {
            hooks.Require(hook);
            _active[Slot(hook)] |= 1UL << (int)hook.Point;
        }
    }

    public bool ExplicitAttention { get; }

    public IReadOnlyCollection<HookName> Captures => _captures;

    public IEnumerable<Edit> Edits => _edits.Values.SelectMany(e => e);

    public bool IsActive(HookName hook) => (_active[Slot(hook)] & (1UL << (int)hook.Point)) != 0;

    public bool Captured(HookName hook) => _captures.Contains(hook);

    public IReadOnlyList<Edit> EditsAt(HookName hook) => _edits.TryGetValue(hook, out var edits) ? edits : [];

    private int Slot(HookName hook) => hook.IsInBlock ? hook.Layer : _active.Length - 1;
}
