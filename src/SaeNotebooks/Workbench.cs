using SaeNotebooks.Display;
using SaeNotebooks.Hooks;
using SaeNotebooks.Hub;
using SaeNotebooks.Models;
using SaeNotebooks.Models.Known;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Registry;
using static TorchSharp.torch;

namespace SaeNotebooks;

/// <summary>
/// A model with the SAEs that belong to it: the one way in. Owns both; SAEs are loaded when they are first asked for and shared
/// from then on. Safe for several threads, except for <see cref="Dispose"/>.
/// </summary>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed class Workbench : IDisposable, IDisplayable
{
    private readonly Dictionary<HookName, Sae> _saes = [];
    private readonly Lock _lock = new();
    private readonly string? _saeFolder;

    private Workbench(Reference reference, HookedTransformer model, string? saeFolder)
    {
        (Name, Model, _saeFolder) = (reference.Name, model, saeFolder);
        Known = reference.Known ?? KnownModel.Unlisted(reference.Name, model.Config, model.Dtype);
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>Layers, hooks, prompts and expectations: the model's record, or for one that has none what goes for any model.</summary>
    public KnownModel Known { get; }

    /// <summary>The model.</summary>
    public HookedTransformer Model { get; }

    /// <summary>
    /// Opens a model by a short name (<c>tiny</c>, trained and shipped in this repository, or <c>gemma-2-2b</c>), a repository of the hub
    /// (<c>org/name</c> or <c>org/name@revision</c>) or a checkpoint folder. What is not in the hub's cache is downloaded first.
    /// </summary>
    /// <param name="name">see <see cref="Reference"/></param>
    /// <param name="device">where to run, the CPU by default</param>
    /// <param name="dtype">of the computation; by default what is known to suit the model, and float32 if nothing is known</param>
    /// <param name="lastLayer">the last layer that is needed; later ones are not read, and there are no logits then. By default all are</param>
    /// <param name="notes">is told in a line what a large model will take in memory, before it is loaded; the console by default</param>
    /// <param name="cancellation">gives up a download; the next one goes on from there</param>
    /// <exception cref="ReferenceException">there is no such model</exception>
    /// <exception cref="HubException">it cannot be downloaded, or must be unlocked first; the message says how</exception>
    /// <exception cref="Checkpoints.CheckpointException">its files are damaged, incomplete or of an unknown architecture</exception>
    /// <exception cref="InsufficientMemoryException">it does not fit into memory; the message has the numbers</exception>
    public static Workbench Open(string name, Device? device = null, ScalarType? dtype = null, int? lastLayer = null, TextWriter? notes = null,
        CancellationToken cancellation = default)
    {
        var reference = Reference.ToModel(name, cancellation);
        var saes = DataFolder.Find() is { } data ? Path.Combine(data, "saes", reference.Name) : null; // a model's folder may lie anywhere
        if (!Directory.Exists(saes)) saes = null;
        var type = dtype ?? reference.Known?.Dtype ?? ScalarType.Float32;
        var plan = MemoryPlan.Of(reference.Folder, type, device, lastLayer) with { Model = reference.Name, Sae = LargestSae(saes) };
        if (plan.IsWorthSaying) (notes ?? Console.Out).WriteLine(plan);
        plan.RequireFits();
        return new(reference, HookedTransformer.Load(reference.Folder, type, device, lastLayer, cancellation: cancellation), saes);
    }

    private static long LargestSae(string? folder) => folder is null ? 0
        : Directory.GetDirectories(folder).Select(sae => new DirectoryInfo(sae).EnumerateFiles().Sum(f => f.Length)).DefaultIfEmpty().Max();

    /// <summary>The hooks for which there is an SAE at hand: shipped ones, the published one that the model's record names, and those that were opened.</summary>
    public IReadOnlyList<HookName> SaeHooks
    {
        get
        {
            lock (_lock) return [.. Shipped().Concat(Known is { Sae: not null, Repository: not null } ? [Known.Hook] : []).Concat(_saes.Keys).Distinct().Order()];
        }
    }

    /// <summary>The SAE that was trained on the activation at a hook: one that is shipped or was opened, the published one that the model's record
    /// names, or the like of that in another block; a published one is downloaded if it is not in the hub's cache. The workbench owns it.</summary>
    /// <param name="hook">for example <c>Hook.ResidPost(4)</c></param>
    /// <exception cref="ReferenceException">there is none at that hook</exception>
    /// <exception cref="HubException">it cannot be downloaded</exception>
    public Sae Sae(HookName hook) => FindSae(hook)
        ?? throw new ReferenceException($"There is no SAE for {hook} of '{Name}'; there are {(SaeHooks.Count == 0 ? "none" : string.Join(", ", SaeHooks))}.");

    /// <summary>The same, or null if there is none at that hook.</summary>
    /// <param name="hook">for example <c>Hook.ResidPost(4)</c></param>
    /// <exception cref="HubException">it cannot be downloaded</exception>
    public Sae? FindSae(HookName hook)
    {
        lock (_lock)
        {
            if (_saes.TryGetValue(hook, out var known)) return known;
            if (ShippedAt(hook) is { } folder) return _saes[hook] = SaeFile.Load(folder);
            return Published(hook) is { } published ? _saes[hook] = Opened(published, new() { Hook = hook }, evenIfUnfit: false, Console.Out) : null;
        }
    }

    /// <summary>One point in several blocks, evenly spaced over those in which <see cref="Sae(HookName)"/> has an SAE for it: for curves over layers. Nothing is downloaded.</summary>
    /// <param name="hook">the point, and a block that is to be among them if there is an SAE, for example <c>bench.Known.Hook</c></param>
    /// <param name="most">how many; fewer if fewer have an SAE. A model may have more of them than fit into memory beside it</param>
    /// <returns>from the first block to the last; empty if there is no SAE at this point in any block</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is less than 1</exception>
    public IReadOnlyList<HookName> SaeHooksOverDepth(HookName hook, int most = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        List<HookName> known = [.. Enumerable.Range(0, Model.Config.NLayers).Select(block => new HookName(hook.Point, block)).Distinct().Where(HasSae)];
        if (known.Count <= most) return known;
        List<HookName> spaced = [.. Enumerable.Range(0, most).Select(i => known[(int)Math.Round(i * (known.Count - 1.0) / Math.Max(1, most - 1))])];
        if (known.Contains(hook)) spaced[spaced.IndexOf(spaced.MinBy(h => Math.Abs(h.Layer - hook.Layer)))] = hook;
        return spaced;
    }

    private bool HasSae(HookName hook)
    {
        lock (_lock) return _saes.ContainsKey(hook) || ShippedAt(hook) is not null || Published(hook) is not null;
    }

    private string? ShippedAt(HookName hook) => _saeFolder is not null && Path.Combine(_saeFolder, hook.ToString()) is var folder && Directory.Exists(folder) ? folder : null;

    private IEnumerable<HookName> Shipped() => _saeFolder is null ? [] : Directory.GetDirectories(_saeFolder)
        .Select(f => HookName.TryParse(Path.GetFileName(f), out var hook) ? hook : (HookName?)null).OfType<HookName>();

    /// <summary>The SAE of the model's record, or the one of the same release that differs from it in the block alone; null if the release has none there.</summary>
    private SaeReference? Published(HookName hook)
    {
        if (Known is not { Sae: { } name, Repository: not null } || hook.Point != Known.Hook.Point) return null;
        var recorded = SaeReference.Of(name);
        if (hook == Known.Hook) return recorded;
        return recorded.Published is { } sae && SaeRegistry.InLayer(sae.Release, sae.Id, hook.Layer) is { } other && other.Hook == hook.ToString()
            ? SaeReference.OfRegistry(other.Release, other.Id) : null;
    }

    /// <summary>Opens a published SAE of any format for this model; from then on <see cref="Sae(HookName)"/> gives it for its hook. The workbench
    /// owns it.</summary>
    /// <param name="name">a file, a folder, or <c>release:id</c>, which is downloaded if need be; see <see cref="SaeReference"/></param>
    /// <param name="options">what the files do not say</param>
    /// <param name="evenIfUnfit">let an SAE of another family of models pass</param>
    /// <param name="notes">is told in a line where the SAE was trained on a variant of the model; the console by default</param>
    /// <exception cref="ReferenceException">no such release, or no such SAE in it</exception>
    /// <exception cref="HubException">it cannot be downloaded; the message says why and what to do</exception>
    /// <exception cref="Checkpoints.CheckpointException">no such file, no SAE of a known format, or damaged files</exception>
    /// <exception cref="ArgumentException">it does not fit the model</exception>
    public Sae OpenSae(string name, SaeOptions? options = null, bool evenIfUnfit = false, TextWriter? notes = null)
    {
        var sae = Opened(SaeReference.Of(name), options, evenIfUnfit, notes ?? Console.Out);
        lock (_lock)
        {
            if (_saes.TryGetValue(sae.Config.Hook, out var other)) other.Dispose();
            return _saes[sae.Config.Hook] = sae;
        }
    }

    private Sae Opened(SaeReference reference, SaeOptions? options, bool evenIfUnfit, TextWriter notes)
    {
        var sae = reference.Load(options);
        try
        {
            if (SaeFit.Check(sae, Model.Config, Name, evenIfUnfit) is { } note) notes.WriteLine(note);
            return sae;
        }
        catch
        {
            sae.Dispose();
            throw;
        }
    }

    /// <summary>A line for the notebook: the model's size and the SAEs at hand.</summary>
    public override string ToString() => $"{Name}: {Model.Config.NLayers} layers of width {Model.Config.DModel}, {Model.Dtype.ToString().ToLowerInvariant()}; SAEs at {SaeHooks switch
    {
        [] => "no hook",
        [var one] => one.ToString(),
        var hooks => $"{hooks.Count} hooks from {hooks[0]} to {hooks[^1]}",
    }}";

    /// <inheritdoc/>
    public string ToHtml() => Card.ToHtml();

    /// <inheritdoc/>
    public string ToText() => Card.ToText();

    private Card Card => new($"Workbench of '{Name}'",
    [
        ("model", Model.ToString()),
        ("SAEs at", SaeHooks.Count == 0 ? "no hook" : string.Join(", ", SaeHooks)),
        ("hook to look at first", Known.Hook),
        ("licence", Known.Licence),
    ]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        foreach (var sae in _saes.Values) sae.Dispose();
    }
}
