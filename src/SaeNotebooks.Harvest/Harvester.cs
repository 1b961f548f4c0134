using System.Diagnostics;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Writing;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Harvest.Parts;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Harvest;

/// <summary>
/// Streams a corpus through a model once and writes down what every latent of one or several SAEs does. The work is saved block by block as Parquet, goes on where it
/// was stopped, and can be divided among machines; <see cref="IndexMerge"/> makes the index of it.
/// </summary>
public sealed class Harvester
{
    private readonly HookedTransformer _model;
    private readonly IReadOnlyList<Sae> _saes;
    private readonly ICorpus _corpus;
    private readonly HarvestPlan _plan;
    private readonly IndexHeader _header;
    private readonly int _length;

    /// <param name="model">the model, which stays the caller's</param>
    /// <param name="name">its name</param>
    /// <param name="saes">the SAEs, which stay the caller's too</param>
    /// <param name="corpus">what is read</param>
    /// <param name="plan">how it is read</param>
    /// <exception cref="ArgumentException">no SAE, a model without tokenizer, or pieces longer than its context</exception>
    public Harvester(HookedTransformer model, string name, IReadOnlyList<Sae> saes, ICorpus corpus, HarvestPlan? plan = null)
    {
        (_model, _saes, _corpus, _plan) = (model, saes, corpus, plan ?? new());
        if (saes.Count == 0) throw new ArgumentException("Name at least one SAE to encode with.");
        if (model.Tokenizer is null) throw new ArgumentException("The model has no tokenizer.json, and a corpus is text; put the file into the model's folder.");
        _length = _plan.Length ?? model.Config.ContextLength;
        if (_length < 2 || _length > model.Config.ContextLength)
            throw new ArgumentException($"Pieces of {_length} tokens were asked for; the model's context is {model.Config.ContextLength}, and a piece has at least 2.");
        _header = Header(name);
    }

    /// <summary>Harvests everything and makes the index.</summary>
    /// <param name="folder">of the index; one that is there is replaced</param>
    /// <param name="cancellation">stops after the batch under way; the next call goes on from the last block saved</param>
    public void Index(string folder, CancellationToken cancellation = default)
    {
        IndexWriter.RequireReplaceable(folder);
        var parts = PartsOf(folder);
        Run(parts, Shard.All, cancellation);
        IndexMerge.Run(parts, folder, cancellation);
        Directory.Delete(parts, recursive: true);
    }

    /// <summary>Where the shards of an index are kept by default.</summary>
    public static string PartsOf(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".parts";

    /// <summary>Harvests one shard.</summary>
    /// <param name="parts">the folder of all shards</param>
    /// <param name="shard">which of them</param>
    /// <param name="cancellation">stops after the batch under way; the next call goes on from the last block saved</param>
    /// <exception cref="FeatureIndexException">the folder belongs to another harvest, somebody else is writing it, or the corpus cannot be read</exception>
    /// <exception cref="IOException">the disk is full</exception>
    public void Run(string parts, Shard shard, CancellationToken cancellation = default)
    {
        RequireText(cancellation);
        using var folder = ShardFolder.Begin(parts, new(_header, $"{_plan.Identity}, model in {_model.Dtype}", shard.Number, shard.Of));
        if (folder.IsDone) return;
        if (shard.Number == 0) FactFiles.Write(folder.FactsFolder, _model, _saes, _header.Saes, cancellation);
        var saved = folder.Saved.Select(s => s.Block).ToHashSet();
        using var writer = new PartWriter(folder.Folder, _corpus.Kinds);
        var pass = new BlockPass(_model, _saes, _plan);
        using var progress = Progress.Start($"Harvesting {_header.Corpus}", Total(shard), "documents", saved.Count * (long)_plan.DocumentsPerBlock, cancellation);
        if (pass.NeedsLimits) pass.TakeLimits(Blocks(0, _ => true, progress.Cancellation).First(), progress.Cancellation);
        var clock = new HarvestClock(pass);
        var done = saved.Count * (long)_plan.DocumentsPerBlock;
        var first = 0L;
        while (!shard.Has(first) || saved.Contains(first)) first++;
        foreach (var block in Blocks(first, b => shard.Has(b) && !saved.Contains(b), progress.Cancellation))
        {
            var encoded = pass.Encode(block, progress.Cancellation);
            clock.Writing.Start();
            writer.Write(encoded, folder);
            folder.Add(new(block.Number, block.Tokens));
            clock.Writing.Stop();
            progress.Report(done += block.Documents, clock.Note(block.Tokens));
        }
        folder.Finish();
    }

    /// <summary>Reads the first block, so that a corpus that is empty or of another kind than its name says is refused before anything is computed or written.</summary>
    private void RequireText(CancellationToken cancellation)
    {
        if (!Blocks(0, _ => true, cancellation).Any()) throw new FeatureIndexException($"There is nothing to index: {_corpus.Identity} has no documents.");
    }

    /// <summary>The blocks from one on, those that are wanted, with their documents as tokens.</summary>
    private IEnumerable<Block> Blocks(long first, Func<long, bool> wanted, CancellationToken cancellation)
    {
        var number = first;
        var documents = _corpus.From(first * _plan.DocumentsPerBlock, cancellation);
        if (_plan.Documents is { } most) documents = documents.Take((int)Math.Clamp(most - first * _plan.DocumentsPerBlock, 0, int.MaxValue));
        foreach (var some in documents.Chunk(_plan.DocumentsPerBlock))
        {
            if (wanted(number)) yield return new(number, some.Length, [.. some.SelectMany((document, i) =>
                HarvestSequence.Of(number * _plan.DocumentsPerBlock + i, document.Read(_model.Tokenizer!), _model.Tokenizer!, _length))]);
            number++;
        }
    }

    private long Total(Shard shard) => (_plan.Documents, _corpus.Count) switch
    {
        ({ } most, { } all) => Math.Min(most, all) / shard.Of,
        (null, { } all) => all / shard.Of,
        _ => 0,
    };

    private IndexHeader Header(string name)
    {
        List<IndexedSae> entries = [];
        foreach (var sae in _saes)
        {
            var hook = sae.Config.Hook.ToString();
            var same = entries.Count(e => e.Hook == hook);
            entries.Add(new(same == 0 ? hook : $"{hook}.{same + 1}", hook, sae.Width, sae.Activation.Architecture, Fingerprint.Of(_model, sae.Config.Hook), Fingerprint.Of(sae), 0,
                FactFiles.Possible(_plan.Facts, sae, _model)));
        }
        return new(IndexHeader.FormatName, IndexHeader.CurrentVersion, name, _corpus.Identity, _plan.Policy.ToString(), Fingerprint.Of(_model.Tokenizer), 0, 0, 0,
            FactFiles.Vocabulary(_model), _corpus.Kinds, entries, new Dictionary<string, long>());
    }
}

/// <summary>Where the time of a harvest goes.</summary>
/// <param name="pass">has the time in model and SAEs</param>
internal sealed class HarvestClock(BlockPass pass)
{
    private readonly Stopwatch _all = Stopwatch.StartNew();
    private long _tokens;

    /// <summary>Time of writing.</summary>
    public Stopwatch Writing { get; } = new();

    /// <summary>Tokens per second, over all and of each stage by itself.</summary>
    public string Note(long tokens)
    {
        _tokens += tokens;
        string Rate(TimeSpan time) => time > TimeSpan.Zero ? $"{_tokens / time.TotalSeconds:N0}" : "–";
        return $"{Rate(_all.Elapsed)} tokens/s: model {Rate(pass.ModelTime.Elapsed)}, SAEs {Rate(pass.SaeTime.Elapsed)}, writing {Rate(Writing.Elapsed)}";
    }
}
