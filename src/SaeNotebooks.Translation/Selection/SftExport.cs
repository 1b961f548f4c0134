using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Selection;

/// <summary>How an example for fine-tuning is written.</summary>
public enum SftFormat
{
    /// <summary><c>{"prompt": …, "completion": …}</c></summary>
    Prompt,

    /// <summary><c>{"messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}]}</c>, for chat models.</summary>
    Messages,
}

/// <summary>Writes selected examples for supervised fine-tuning, one JSON object a line, as the trainers of TRL and others read them.</summary>
public static class SftExport
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file, which appears whole or not at all.</summary>
    /// <param name="path">ends in <c>.jsonl</c> by custom</param>
    /// <param name="pairs">the examples, in the order in which they are written</param>
    /// <param name="prompt">the wording</param>
    /// <param name="language">what the prompt calls the target language</param>
    /// <param name="format">the keys</param>
    public static void Write(string path, IEnumerable<ScoredPair> pairs, PromptTemplate prompt, string language, SftFormat format = SftFormat.Prompt) =>
        CardFile.WriteWhole(path, string.Concat(pairs.Select(p => Line(prompt.Fill(p.Src, language, p.Tgt, new("en", "", language)).Text, p.Tgt, format).ToJsonString(Json) + "\n")));

    private static JsonObject Line(string prompt, string answer, SftFormat format) => format == SftFormat.Prompt
        ? new() { ["prompt"] = prompt, ["completion"] = answer }
        : new() { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }, new JsonObject { ["role"] = "assistant", ["content"] = answer }) };
}
