namespace SaeNotebooks.Models;

/// <summary>A model family: how its configuration reads and which weights make up its parts. Stateless.</summary>
internal interface IModelFamily
{
    /// <summary>The <c>model_type</c> in <c>config.json</c>; several where checkpoints come in several wrappings.</summary>
    IReadOnlyList<string> ModelTypes { get; }

    /// <summary>The dimensions that the configuration gives.</summary>
    ModelConfig Read(ConfigJson json);

    /// <summary>Builds the model from its weights.</summary>
    Decoder Build(ConfigJson json, ModelConfig config, WeightLoader weights);
}
