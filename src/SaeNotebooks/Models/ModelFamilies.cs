namespace SaeNotebooks.Models;

/// <summary>The families that this library can run.</summary>
internal static class ModelFamilies
{
    private static readonly IModelFamily[] All = [new LlamaFamily()];

    /// <exception cref="Checkpoints.CheckpointException">the configuration's <c>model_type</c> is missing or not among them</exception>
    public static IModelFamily Of(ConfigJson json)
    {
        var type = json.Text("model_type");
        return All.FirstOrDefault(f => f.ModelType == type)
            ?? throw json.Error("model_type",
                $"'{type}' is not supported; supported are {string.Join(", ", All.Select(f => f.ModelType))}");
    }
}
