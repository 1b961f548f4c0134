using System.Runtime.CompilerServices;
using SaeNotebooks.Features.Storage;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Features;

/// <summary>
/// A folder that says what every latent of one or several SAEs does on a corpus: made by one pass over the corpus, read through memory mapping ever after.
/// Safe for several threads, except for <see cref="Dispose"/>, after which nothing obtained from it may be used.
/// </summary>
public sealed class FeatureIndex : IDisposable
{
    private static readonly ConditionalWeakTable<Sae, SaeIndex> Asked = [];
    private readonly Dictionary<string, SaeStore> _stores = [];
    private readonly Lock _lock = new();
    private bool _isDisposed;

    private FeatureIndex(string folder, IndexHeader header) => (Folder, Header, Corpus) = (folder, header, new(folder, header));

    /// <summary>Opens an index; its files are mapped, not read.</summary>
    /// <param name="folder">the folder with <c>index.json</c></param>
    /// <exception cref="FeatureIndexException">no index, of another version, damaged or incomplete</exception>
    public static FeatureIndex Open(string folder) => new(Path.GetFullPath(folder), IndexHeader.Read(folder));

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>What it was made of.</summary>
    public IndexHeader Header { get; }

    /// <summary>The text.</summary>
    public IndexedCorpus Corpus { get; }

    /// <summary>The SAE at a hook, without its weights: all that the corpus tells of its latents, and what is stored of their directions.</summary>
    /// <exception cref="FeatureIndexException">none, or several, of the hook</exception>
    public SaeIndex this[HookName hook]
    {
        get
        {
            var there = Header.Saes.Where(s => s.Hook == hook.ToString()).ToList();
            return there.Count == 1 ? Without(there[0]) : throw new FeatureIndexException(there.Count == 0
                ? $"The index in {Folder} has no SAE at {hook}; it has {Names}."
                : $"The index in {Folder} has {there.Count} SAEs at {hook}; name one of {string.Join(", ", there.Select(s => s.Name))}.");
        }
    }

    /// <summary>The SAE of a name in the index, without its weights.</summary>
    /// <exception cref="FeatureIndexException">no such name</exception>
    public SaeIndex this[string name] => Without(Header.Saes.FirstOrDefault(s => s.Name == name)
        ?? throw new FeatureIndexException($"The index in {Folder} has no SAE '{name}'; it has {Names}."));

    /// <summary>An SAE with its weights and its model, both of which remain the caller's.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="model">the model that was run over the corpus</param>
    /// <exception cref="FeatureIndexException">another SAE, model or tokenizer than the index was made with</exception>
    public SaeIndex Of(Sae sae, HookedTransformer model)
    {
        var hash = Fingerprint.Of(sae);
        var indexed = Header.Saes.FirstOrDefault(s => s.SaeHash == hash) ?? throw new FeatureIndexException(
            $"The index in {Folder} was not made with this {sae}, but with {Names}; harvest it, or open the index that belongs to it.");
        if (indexed.ModelHash != Fingerprint.Of(model, sae.Config.Hook))
            throw new FeatureIndexException($"The index in {Folder} was made with another model ('{Header.Model}', other weights up to {indexed.Hook}); harvest this one, or open the index that belongs to it.");
        if (Header.TokenizerHash != Fingerprint.Of(model.Tokenizer))
            throw new FeatureIndexException($"The index in {Folder} was made with another tokenizer than this model's; its tokens would be read wrongly. Harvest again.");
        var asked = new SaeIndex(this, Store(indexed), sae, model);
        Asked.AddOrUpdate(sae, asked);
        return asked;
    }

    /// <summary>What <see cref="Of"/> last gave for an SAE in this process; null if it never did, or if that index is disposed.</summary>
    public static SaeIndex? Find(Sae sae) => Asked.TryGetValue(sae, out var asked) && !asked.Index._isDisposed ? asked : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Header.Tokens:N0} tokens of {Header.Corpus} through {Header.Model}, {Header.Saes.Count} SAEs: {Names}";

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        Corpus.Close();
        foreach (var store in _stores.Values) store.Dispose();
    }

    private string Names => string.Join(", ", Header.Saes.Select(s => s.Name));

    private SaeIndex Without(IndexedSae sae) => new(this, Store(sae), null, null);

    private SaeStore Store(IndexedSae sae)
    {
        lock (_lock) return _stores.TryGetValue(sae.Name, out var store) ? store : _stores[sae.Name] = new(Folder, Header, sae);
    }
}
