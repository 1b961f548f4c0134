using System.Runtime.CompilerServices;
using SaeNotebooks.Features;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Embedded;

namespace SaeNotebooks.Harvest;

/// <summary>The index of a workbench's SAEs on generated documents in five languages: made when it is first asked for, and kept in <c>artifacts/index</c>.</summary>
public static class WorkbenchIndex
{
    /// <summary>The model that has an index of its own.</summary>
    public const string EmbeddedModel = "tiny";

    private const long Documents = 1024, FewDocuments = 64;
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, FeatureIndex> Opened = [];
    private static readonly ConditionalWeakTable<Sae, SaeIndex> Bound = []; // compared with the index once

    /// <summary>The index over the SAEs that are shipped for the embedded model, on documents that neither it nor they have seen. Made once, in seconds, and kept in
    /// <c>artifacts/index</c>; open for as long as the process runs.</summary>
    /// <exception cref="FeatureIndexException">another model, which was not trained on those documents; ask for one of its SAEs alone</exception>
    public static FeatureIndex Index(this Workbench bench)
    {
        if (bench.Name != EmbeddedModel || bench.SaeHooks.Count == 0)
            throw new FeatureIndexException($"There is no corpus that belongs to '{bench.Name}'; ask for an index of one SAE on generated documents, bench.Index(hook), or make one with the command harvest, and open it with FeatureIndex.Open(folder).");
        return Keep(FolderOf(bench.Name), folder => OpenOrMake(bench, folder, Shipped(bench)));
    }

    /// <summary>Makes the embedded model's index if it is not there, so that a notebook need not wait for it.</summary>
    /// <param name="cancellation">gives up; the next call goes on from there</param>
    public static void EnsureEmbedded(CancellationToken cancellation = default)
    {
        using var bench = Workbench.Open(EmbeddedModel);
        if (bench.SaeHooks.Count > 0) OpenOrMake(bench, FolderOf(bench.Name), Shipped(bench), cancellation: cancellation).Dispose();
    }

    /// <summary>The SAE at a hook with its latents on generated documents, about 60 tokens each, and with its weights. Made once and kept; for models of billions of
    /// parameters that is a matter of minutes on a CPU, and goes on where an interrupt left it.</summary>
    /// <param name="bench">the model and its SAEs</param>
    /// <param name="hook">the hook</param>
    /// <param name="documents">how many, the same ones for every model; by default 64, or the embedded model's index over all its SAEs</param>
    /// <exception cref="ReferenceException">there is no SAE at that hook</exception>
    public static SaeIndex Index(this Workbench bench, HookName hook, long? documents = null)
    {
        var sae = bench.Sae(hook);
        if (documents is null && bench.Name == EmbeddedModel) return Bound.GetValue(sae, _ => bench.Index().Of(sae, bench.Model));
        var count = documents ?? FewDocuments;
        return Keep(FolderOf($"{bench.Name}-{hook}-{count}"), folder => OpenOrMake(bench, folder, [sae], count)).Of(sae, bench.Model);
    }

    /// <summary>The SAE at a hook in an index that was made with the command <c>harvest</c>; open for as long as the process runs.</summary>
    /// <param name="bench">the model and its SAEs</param>
    /// <param name="hook">the hook</param>
    /// <param name="folder">of the index</param>
    /// <exception cref="FeatureIndexException">no index, or one of another model or SAE</exception>
    public static SaeIndex Index(this Workbench bench, HookName hook, string folder) =>
        Keep(Path.GetFullPath(folder), FeatureIndex.Open).Of(bench.Sae(hook), bench.Model);

    /// <summary>Opens a folder once; a failure, or the interrupt of a cell, is not remembered.</summary>
    private static FeatureIndex Keep(string folder, Func<string, FeatureIndex> open)
    {
        lock (Gate) return Opened.TryGetValue(folder, out var index) ? index : Opened[folder] = open(folder);
    }

    private static string FolderOf(string name) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(DataFolder.Path))!, "artifacts", "index", name);

    private static IReadOnlyList<Sae> Shipped(Workbench bench) => [.. bench.SaeHooks.Select(bench.Sae)];

    internal static FeatureIndex OpenOrMake(Workbench bench, string folder, IReadOnlyList<Sae> saes, long documents = Documents, CancellationToken cancellation = default)
    {
        var corpus = new EmbeddedDocuments(new EmbeddedModelRecipe().Corpus(), EmbeddedDocuments.Unseen, documents);
        if (TryOpen(folder, bench, saes, corpus.Identity) is { } index) return index;
        new Harvester(bench.Model, bench.Name, saes, corpus, new() { DocumentsPerBlock = 256, Facts = 10 }).Index(folder, cancellation);
        return FeatureIndex.Open(folder);
    }

    /// <summary>The index that is there, unless it was made of something else.</summary>
    private static FeatureIndex? TryOpen(string folder, Workbench bench, IReadOnlyList<Sae> saes, string corpus)
    {
        FeatureIndex? index = null;
        try
        {
            index = FeatureIndex.Open(folder);
            foreach (var sae in saes) index.Of(sae, bench.Model);
            if (index.Header.Corpus == corpus) return index;
        }
        catch (FeatureIndexException) { } // none, an old one, or of an earlier model: made again
        index?.Dispose();
        return null;
    }
}
