using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>Reads and writes measured facts as JSON, with names for enumerations.</summary>
public static class CardFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly JsonSerializerOptions OneLine = new(Json) { WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new SixDigits() } };

    /// <summary>The card as JSON.</summary>
    public static string ToJson<T>(T card) where T : class => JsonSerializer.Serialize(card, Json) + "\n";

    /// <summary>A card from JSON.</summary>
    /// <exception cref="JsonException">the text is no such card</exception>
    public static T FromJson<T>(string json) where T : class =>
        JsonSerializer.Deserialize<T>(json, Json) ?? throw new JsonException($"The text is 'null' and no {typeof(T).Name}.");

    /// <summary>The card of a study that is kept in <c>data/studies</c>, for example <c>switch-tiny</c>; null if there is none of that name.</summary>
    /// <param name="name">the study's folder</param>
    /// <exception cref="JsonException">its card is of another kind</exception>
    public static T? OfStudy<T>(string name) where T : class =>
        DataFolder.Combine("studies", name, "card.json") is var path && File.Exists(path) ? FromJson<T>(File.ReadAllText(path)) : null;

    /// <summary>Writes <c>card.json</c> and <c>README.md</c> into a folder; each appears whole or not at all.</summary>
    /// <param name="folder">made if it is missing</param>
    /// <param name="card">the measured facts</param>
    /// <param name="markdown">the same for people</param>
    /// <param name="oneLine">without line breaks and nulls, and numbers with six significant digits: for a card of thousands of measurements, which nobody reads as text</param>
    public static void Write<T>(string folder, T card, string markdown, bool oneLine = false) where T : class
    {
        Directory.CreateDirectory(folder);
        WriteWhole(Path.Combine(folder, "card.json"), oneLine ? JsonSerializer.Serialize(card, OneLine) + "\n" : ToJson(card));
        WriteWhole(Path.Combine(folder, "README.md"), markdown);
    }

    /// <summary>Writes a file that appears whole or not at all; its folder is made if it is missing.</summary>
    internal static void WriteWhole(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".part";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    private sealed class SixDigits : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException("Cards are read as they are.");

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteRawValue(value.ToString("G6", CultureInfo.InvariantCulture));
            else writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
