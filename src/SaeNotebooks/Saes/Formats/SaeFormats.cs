using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Saes.Formats;

/// <summary>All formats; a new one is a file of its own and a line here.</summary>
internal static class SaeFormats
{
    /// <summary>Where two recognise the same files, the first is meant.</summary>
    public static IReadOnlyList<ISaeFormat> All { get; } =
    [
        new SaeLensFormat(), new SparsifyFormat(), new LlamaScopeFormat(), new LlamaScopeR1Format(), new LlamascopiumFormat(),
        new DictionaryLearningFormat(), new GemmaScope2Format(), new GemmaScopeFormat(), new OpenAiFormat(), new GoodfireFormat(),
        new QwenScopeFormat(), new ConnorRobFormat(), new DeepSeekFormat(), new LayerTranscoderFormat(), new ClTranscoderLayerFormat(),
    ];

    /// <summary>The format of some files, or null.</summary>
    public static ISaeFormat? Of(SaeLocation location) => All.FirstOrDefault(format => format.Recognises(location));

    /// <exception cref="CheckpointException">no such format; the message names the nearest</exception>
    public static ISaeFormat Named(string name) => All.FirstOrDefault(f => f.Name == name) ?? throw new CheckpointException(name, null,
        $"is no format; did you mean {All.MinBy(f => EditDistance.Between(f.Name, name))!.Name}? Known are {string.Join(", ", All.Select(f => f.Name))}");
}
