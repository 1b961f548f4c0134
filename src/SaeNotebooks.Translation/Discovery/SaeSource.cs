using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>SAEs of the residual stream after several layers, each opened when its turn comes: those of a large model do not fit into memory together.</summary>
public sealed class SaeSource
{
    private readonly Func<HookName, Sae> _open;
    private readonly bool _closes;

    /// <param name="hooks">where there are SAEs</param>
    /// <param name="open">gives that of a hook</param>
    /// <param name="closes">whether it is disposed of after use; false where somebody else owns it</param>
    /// <exception cref="ArgumentException">a hook is not <c>hook_resid_post</c></exception>
    public SaeSource(IReadOnlyList<HookName> hooks, Func<HookName, Sae> open, bool closes = false)
    {
        if (hooks.Any(h => h.Point != HookPoint.ResidPost))
            throw new ArgumentException($"The switch is looked for in the residual stream after a layer (hook_resid_post), not at {hooks.First(h => h.Point != HookPoint.ResidPost)}.", nameof(hooks));
        (Hooks, _open, _closes) = ([.. hooks.Order()], open, closes);
    }

    /// <summary>SAEs that are in memory already and stay the caller's.</summary>
    public static SaeSource Of(IReadOnlyList<Sae> saes) => new([.. saes.Select(s => s.Config.Hook)], hook => saes.First(s => s.Config.Hook == hook));

    /// <summary>Where there are SAEs, lowest layer first.</summary>
    public IReadOnlyList<HookName> Hooks { get; }

    /// <summary>Works with one of them.</summary>
    public T Use<T>(HookName hook, Func<Sae, T> work)
    {
        var sae = _open(hook);
        try { return work(sae); }
        finally { if (_closes) sae.Dispose(); }
    }

    /// <summary>Works with several of them at once, which must fit into memory together.</summary>
    public T UseAll<T>(IReadOnlyList<HookName> hooks, Func<IReadOnlyList<Sae>, T> work) =>
        hooks.Count == 0 ? work([]) : Use(hooks[0], first => UseAll([.. hooks.Skip(1)], others => work([first, .. others])));
}
