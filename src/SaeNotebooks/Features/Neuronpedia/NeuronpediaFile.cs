using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SaeNotebooks.Features.Neuronpedia;

/// <summary>
/// Files of Neuronpedia's records: a record or an array of them as its API gives it, or a record on each line as in its exports; compressed if the name
/// ends with <c>.gz</c>.
/// </summary>
public static class NeuronpediaFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads all records of a file.</summary>
    /// <param name="path">a file of any of these kinds</param>
    /// <exception cref="FormatException">it is none; the message says where</exception>
    public static IReadOnlyList<NeuronpediaRecord> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        string text;
        try { text = reader.ReadToEnd(); }
        catch (Exception e) when (e is DecoderFallbackException or InvalidDataException) { throw new FormatException($"{path} is damaged: {e.Message}", e); }
        var records = text.TrimStart().StartsWith('[') ? Parse<List<NeuronpediaRecord>>(text, path) : Lines(text, path);
        foreach (var record in records) Check(record, path);
        return records.Count > 0 ? records : throw new FormatException($"{path} holds no record.");
    }

    /// <summary>Writes records, one on each line; the file appears only when complete.</summary>
    /// <param name="path">the file; compressed if it ends with <c>.gz</c></param>
    /// <param name="records">may be made as they are written</param>
    public static void Write(string path, IEnumerable<NeuronpediaRecord> records)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var partial = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (var file = File.Create(partial))
            using (Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file)
            using (var writer = new StreamWriter(stream) { NewLine = "\n" })
                foreach (var record in records) writer.WriteLine(ToJson(record));
            File.Move(partial, path, overwrite: true);
        }
        finally { File.Delete(partial); }
    }

    /// <summary>A record as one line of JSON.</summary>
    public static string ToJson(NeuronpediaRecord record) => JsonSerializer.Serialize(record, Json);

    /// <summary>A record, or several lines of them; a record on many lines is one.</summary>
    private static List<NeuronpediaRecord> Lines(string text, string path)
    {
        var lines = text.Split('\n').Index().Where(l => l.Item.Trim().Length > 0).ToArray();
        return lines.Length > 0 && lines[0].Item.TrimEnd().EndsWith('}')
            ? [.. lines.Select(l => Parse<NeuronpediaRecord>(l.Item, $"{path}, line {l.Index + 1}"))]
            : lines.Length == 0 ? [] : [Parse<NeuronpediaRecord>(text, path)];
    }

    private static T Parse<T>(string text, string where)
    {
        try { return JsonSerializer.Deserialize<T>(text, Json) ?? throw new FormatException($"{where}: null is no record of Neuronpedia."); }
        catch (JsonException e) { throw new FormatException($"{where}: no record of Neuronpedia ({e.Message.TrimEnd('.')}).", e); }
    }

    /// <summary>Lists that are read side by side must be of one length.</summary>
    private static void Check(NeuronpediaRecord r, string path)
    {
        void Same(string what, int left, int right)
        {
            if (left != right) throw new FormatException($"{path}: latent {r.Index} of {r.ModelId}/{r.Layer} has {left} {what} and {right} values for them.");
        }
        Same("neg_str", r.NegStr.Count, r.NegValues.Count);
        Same("pos_str", r.PosStr.Count, r.PosValues.Count);
        Same("topkCosSimIndices", r.TopkCosSimIndices.Count, r.TopkCosSimValues.Count);
        Same("correlated_features_indices", r.CorrelatedFeaturesIndices.Count, r.CorrelatedFeaturesPearson.Count);
        Same("freq_hist_data_bar_values", r.FreqHistDataBarValues.Count, r.FreqHistDataBarHeights.Count);
        Same("logits_hist_data_bar_values", r.LogitsHistDataBarValues.Count, r.LogitsHistDataBarHeights.Count);
        foreach (var activation in r.Activations) Same("tokens in an activation", activation.Tokens.Count, activation.Values.Count);
    }
}
