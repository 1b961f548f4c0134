using System.Text.Json;
using SaeNotebooks.Features;

namespace SaeNotebooks.Harvest.Corpora;

/// <summary>
/// Texts in files, streamed: <c>.jsonl</c> (one object per line), <c>.parquet</c> (one row per document), and any other as plain text, which is divided at line ends
/// into documents of some thousand characters.
/// </summary>
public sealed class FileCorpus : ICorpus
{
    private readonly IReadOnlyList<string> _files;
    private readonly string _key;

    /// <param name="path">a file, or a folder, whose files are read in the order of their names</param>
    /// <param name="key">the key or column that the text is in</param>
    /// <param name="name">what to call the corpus; the path's last part by default</param>
    /// <exception cref="FeatureIndexException">no such file, or no files in the folder</exception>
    public FileCorpus(string path, string key = "text", string? name = null)
    {
        _key = key;
        _files = File.Exists(path) ? [path] : Directory.Exists(path) ? [.. Directory.GetFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : throw new FeatureIndexException($"There is no file or folder '{path}'; name a text file, .jsonl or .parquet file, or a folder of them.");
        if (_files.Count == 0) throw new FeatureIndexException($"The folder '{path}' has no files; name a text file, .jsonl or .parquet file, or a folder of them.");
        var bytes = _files.Sum(f => new FileInfo(f).Length);
        Identity = $"{name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))} ({_files.Count} {(_files.Count == 1 ? "file" : "files")}, {bytes} bytes, key {key})";
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public IReadOnlyList<LabelKind> Kinds => [];

    /// <inheritdoc/>
    public long? Count => null;

    /// <inheritdoc/>
    public IEnumerable<ICorpusDocument> From(long first, CancellationToken cancellation = default)
    {
        long number = 0;
        foreach (var text in Texts())
        {
            cancellation.ThrowIfCancellationRequested();
            if (number++ >= first) yield return new TextDocument(text);
        }
    }

    /// <summary>The texts of the documents, read as they are asked for.</summary>
    /// <exception cref="FeatureIndexException">what is no text; the message names file and line</exception>
    public IEnumerable<string> Texts() => _files.SelectMany(Texts);

    private IEnumerable<string> Texts(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" => JsonLines(file),
        ".parquet" => Parquet(file),
        _ => PlainText.Documents(file),
    };

    private IEnumerable<string> JsonLines(string file)
    {
        var number = 0;
        foreach (var line in PlainText.Lines(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) yield return TextOf(line, $"{file}, line {number}");
        }
    }

    private string TextOf(string line, string where)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(_key, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()!
                : throw new FeatureIndexException($"{where} has no text under the key \"{_key}\"; name the key with --key.");
        }
        catch (JsonException e) { throw new FeatureIndexException($"{where} is not valid JSON: {e.Message}", e); }
    }

    private IEnumerable<string> Parquet(string file) => ParquetTable.Columns(file).Contains(_key)
        ? ParquetTable.Rows(file, _key).Select((cells, row) => cells[0] ?? throw new FeatureIndexException($"{file}, row {row} has no text in the column \"{_key}\"."))
        : throw new FeatureIndexException($"{file} has no column \"{_key}\"; name one of its columns with --key: {string.Join(", ", ParquetTable.Columns(file))}.");
}
