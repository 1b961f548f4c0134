using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Translation.Measures.Comet;

/// <summary>A text that COMET reads.</summary>
internal enum CometPart { Source, Translation, Reference }

/// <summary>The two inputs of a model for one of its texts, both [batch, tokens].</summary>
/// <param name="Ids">the name of the token ids</param>
/// <param name="Mask">the name of the attention mask, 1 for tokens and 0 for padding</param>
/// <param name="Length">to how many tokens the export is bound; null if to none</param>
/// <param name="IsLong">whether the numbers have 64 bits; 32 otherwise</param>
internal sealed record CometInput(string Ids, string Mask, int? Length, bool IsLong);

/// <summary>Which inputs and output of an export are which. Exports are named after the arguments of COMET's <c>RegressionMetric.forward</c>, with small
/// differences.</summary>
/// <param name="Parts">the inputs for each text</param>
/// <param name="Score">the name of the output</param>
/// <param name="Batch">to how many segments the export is bound; null if to none</param>
internal sealed partial record CometInputs(IReadOnlyDictionary<CometPart, CometInput> Parts, string Score, int? Batch)
{
    private const string Expected = "expected whole numbers [batch, tokens] as src_input_ids, src_attention_mask, mt_input_ids, mt_attention_mask, ref_input_ids, "
        + "ref_attention_mask, as of a COMET regression model, and a float32 output 'score'";

    /// <exception cref="CheckpointException">the inputs or outputs are not those of a COMET regression model; the message says what was found</exception>
    public static CometInputs Of(IReadOnlyDictionary<string, NodeMetadata> inputs, IReadOnlyDictionary<string, NodeMetadata> outputs, string file)
    {
        var roles = inputs.Select(i => (Role: RoleOf(i.Key), i.Key, i.Value)).ToList();
        var score = outputs.ContainsKey("score") ? "score" : outputs.Count == 1 ? outputs.Keys.Single() : null;
        var batches = inputs.Values.Where(i => i.IsTensor && i.Dimensions.Length > 0).Select(i => i.Dimensions[0]).Where(b => b > 0).Distinct().ToList();
        var fits = roles.Count == 6 && batches.Count <= 1 && roles.Select(r => r.Role).Distinct().Count() == 6 && roles.All(r => r.Role is not null && IsWholeRows(r.Value))
            && score is not null && outputs[score].IsTensor && outputs[score].ElementDataType == TensorElementType.Float;
        if (!fits) throw new CheckpointException(file, null, $"has the inputs {List(inputs)} and the outputs {List(outputs)}; {Expected}");
        return new CometInputs(Enum.GetValues<CometPart>().ToDictionary(part => part, Input), score!, batches is [var batch] ? batch : null);

        CometInput Input(CometPart part)
        {
            var (ids, mask) = (roles.First(r => r.Role == (part, false)), roles.First(r => r.Role == (part, true)));
            return new CometInput(ids.Key, mask.Key, ids.Value.Dimensions[1] is > 0 and var length ? length : null, ids.Value.ElementDataType == TensorElementType.Int64);
        }
    }

    /// <summary>Which text an input belongs to, and whether it is the mask; null if the name does not say.</summary>
    private static (CometPart Part, bool IsMask)? RoleOf(string name)
    {
        var words = Separators().Split(name.ToLowerInvariant());
        bool Has(params ReadOnlySpan<string> any)
        {
            foreach (var word in any)
                if (words.Contains(word)) return true;
            return false;
        }
        CometPart? part = Has("src", "source") ? CometPart.Source : Has("mt", "hyp", "hypothesis") ? CometPart.Translation : Has("ref", "reference") ? CometPart.Reference : null;
        bool? isMask = Has("mask") ? true : Has("ids") && !Has("type", "position") ? false : null;
        return part is { } p && isMask is { } mask ? (p, mask) : null;
    }

    private static bool IsWholeRows(NodeMetadata input) =>
        input.IsTensor && input.Dimensions.Length == 2 && input.ElementDataType is TensorElementType.Int64 or TensorElementType.Int32;

    private static string List(IReadOnlyDictionary<string, NodeMetadata> nodes) => nodes.Count == 0 ? "none"
        : string.Join(", ", nodes.Select(n => n.Value.IsTensor ? $"{n.Key} {n.Value.ElementDataType}[{string.Join(", ", n.Value.Dimensions.Select(d => d > 0 ? $"{d}" : "?"))}]" : n.Key));

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Separators();
}
