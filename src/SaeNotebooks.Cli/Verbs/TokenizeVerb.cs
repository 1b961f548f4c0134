using System.CommandLine;
using System.Text.Json;
using SaeNotebooks.Tokenization;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>tokenize</c>: turns texts into token ids.</summary>
internal static class TokenizeVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "tokenizer file, or folder or short name of a model", Required = true };
        var input = new Option<string>("--in") { Description = "JSON file with a list of strings", Required = true };
        var output = new Option<string>("--out") { Description = "JSON file to write: for each string a list of ids, without BOS", Required = true };
        var command = new Command("tokenize", "Turn a list of strings into lists of token ids.") { model, input, output };
        command.SetAction((parsed, _) => Task.FromResult(Tokenize(parsed.GetValue(model)!, parsed.GetValue(input)!, parsed.GetValue(output)!)));
        return command;
    }

    private static int Tokenize(string model, string input, string output)
    {
        var texts = ReadTexts(input);
        var tokenizer = Open(model);
        var ids = texts.Select((text, i) => Encode(tokenizer, text, $"{input}: string {i}")).ToList();
        AtomicFile.Write(output, JsonSerializer.Serialize(ids));
        AnsiConsole.MarkupLineInterpolated($"wrote {ids.Sum(list => list.Count)} ids of {texts.Count} strings to {output}");
        return 0;
    }

    private static ITokenizer Open(string model) =>
        TokenizerFile.Load(Path.Exists(model) || Path.GetFileName(model) != model ? model : Reference.ToModel(model).Folder);

    private static IReadOnlyList<int> Encode(ITokenizer tokenizer, string text, string where)
    {
        try { return tokenizer.Encode(text, bos: false); }
        catch (ArgumentException e) { throw new CliException($"{where}: {e.Problem()}", e); }
    }

    private static List<string> ReadTexts(string input)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(input));
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw new CliException($"{input}: expected a list of strings, found {document.RootElement.ValueKind}.");
            return [.. document.RootElement.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.String ? item.GetString()!
                : throw new CliException($"{input}: item {i} is {item.ValueKind}, expected a string."))];
        }
        catch (JsonException e) { throw new CliException($"{input}: not valid JSON ({e.Message})", e); }
        catch (InvalidOperationException e) { throw new CliException($"{input}: a string holds a lone surrogate, which is no text ({e.Message})", e); }
    }
}
