using SaeNotebooks.Features.Storage;

namespace SaeNotebooks.Features.Writing;

/// <summary>
/// Writes an index: first the text, sequence by sequence, then each SAE, latent by latent. Nobody sees it before <see cref="Commit"/>, which replaces what was
/// there; without it nothing remains. One writer at a time.
/// </summary>
internal sealed class IndexWriter : IDisposable
{
    private readonly FolderLock _lock;
    private readonly string _folder, _partial;
    private readonly IndexHeader _draft;
    private readonly List<IndexedSae> _saes = [];
    private CorpusWriter? _text;
    private WrittenText? _written;

    /// <param name="folder">where the index is to lie</param>
    /// <param name="draft">model, corpus, policy, tokenizer and labels, without <see cref="PositionLabels"/>; the rest is counted</param>
    public IndexWriter(string folder, IndexHeader draft)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireReplaceable(_folder);
        _lock = FolderLock.Take(_folder);
        _partial = _folder + ".partial";
        if (Directory.Exists(_partial)) Directory.Delete(_partial, recursive: true); // of a writer that was killed
        Directory.CreateDirectory(_partial);
        _draft = draft with { Labels = [.. draft.Labels, PositionLabels.Kind] };
        _text = new(Path.Combine(_partial, CorpusFiles.Folder), _draft);
    }

    /// <summary>Adds a sequence of the text.</summary>
    /// <param name="document">the document that it is of</param>
    /// <param name="ids">its tokens</param>
    /// <param name="counted">by token 1 if it is encoded, else 0</param>
    /// <param name="labels">by kind, the label of each token</param>
    public void AddSequence(long document, ReadOnlySpan<int> ids, ReadOnlySpan<byte> counted, IReadOnlyList<byte[]> labels) =>
        (_text ?? throw new InvalidOperationException("The text is complete; SAEs follow it.")).Add(document, ids, counted, labels);

    /// <summary>Begins an SAE; the text is complete then.</summary>
    /// <param name="sae">its entry in the header; the number of activations is counted</param>
    /// <param name="biases">[W] b_enc</param>
    public SaeWriter BeginSae(IndexedSae sae, float[] biases)
    {
        _written ??= CompleteText();
        return new(Path.Combine(_partial, sae.Name), sae, biases, _written, _saes.Add);
    }

    /// <summary>The folder of an SAE that was begun, for the files that are made elsewhere.</summary>
    public string FolderOf(string sae) => Path.Combine(_partial, sae);

    /// <summary>The folder of the text, likewise.</summary>
    public string TextFolder => Path.Combine(_partial, CorpusFiles.Folder);

    /// <summary>Adds what is computed from all else of the SAE that was completed last, its facts included.</summary>
    public void CompletePairs()
    {
        using var store = new SaeStore(_partial, _draft with { Tokens = _written!.Tokens }, _saes[^1]);
        CoActiveWriter.Write(FolderOf(_saes[^1].Name), store, _written.Counted);
    }

    /// <summary>Makes the index visible.</summary>
    public void Commit()
    {
        _written ??= CompleteText();
        var files = Directory.EnumerateFiles(_partial, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(_partial, f).Replace('\\', '/'), f => new FileInfo(f).Length);
        var header = _draft with
        {
            Tokens = _written.Tokens, Counted = _written.Counted, Sequences = _written.Sequences, Saes = _saes,
            Files = files.OrderBy(f => f.Key, StringComparer.Ordinal).ToDictionary(),
        };
        File.WriteAllText(Path.Combine(_partial, IndexHeader.FileName), header.ToJson());
        var old = _folder + ".old";
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        if (Directory.Exists(_folder)) Directory.Move(_folder, old);
        Directory.Move(_partial, _folder);
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }

    public void Dispose()
    {
        _text?.Dispose();
        _written?.Dispose();
        if (Directory.Exists(_partial)) Directory.Delete(_partial, recursive: true);
        _lock.Dispose();
    }

    private WrittenText CompleteText()
    {
        var written = _text!.Complete();
        _text = null;
        return written.Counted > 0 ? written
            : throw new FeatureIndexException($"There is nothing to index: {_draft.Corpus} has no token that counts, {_draft.Policy}; give more text.");
    }

    /// <summary>Whatever lies there that is no index is somebody's.</summary>
    /// <exception cref="FeatureIndexException">something does</exception>
    public static void RequireReplaceable(string folder)
    {
        if (File.Exists(folder) || Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, IndexHeader.FileName)))
            throw new FeatureIndexException($"'{folder}' is there already and is no feature index; name another folder.");
    }
}
