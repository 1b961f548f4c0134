using System.Text.Json.Serialization;
using SaeNotebooks.Hooks;
using SaeNotebooks.Hub;
using static TorchSharp.torch;

namespace SaeNotebooks.Models.Known;

/// <summary>What a notebook needs to know of one model to run on it: one record of <c>models.json</c>, or what can be said of a model that has none.</summary>
/// <remarks>Repositories, SAE names and sizes are as their publishers state them. The weights could not be had where this was written, so
/// examples are what is expected, and each says on what ground.</remarks>
public sealed record KnownModel
{
    /// <summary>Short name, such as <c>gemma-2-2b</c>; lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Repository of the hub, such as <c>google/gemma-2-2b</c>; null for a model that is shipped with this repository, or in no record.</summary>
    public string? Repository { get; init; }

    /// <summary>Branch, tag or commit of the repository.</summary>
    public string Revision { get; init; } = HubName.DefaultRevision;

    /// <summary>Identifier of the licence, such as <c>gemma</c> or <c>apache-2.0</c>.</summary>
    public required string Licence { get; init; }

    /// <summary>Whether the licence must be accepted on <see cref="Page"/> before the hub gives the files.</summary>
    public bool IsGated { get; init; }

    /// <summary>Whether it is trained to answer turns of a conversation.</summary>
    public bool IsChat { get; init; }

    /// <summary>What is downloaded, in 10⁹ bytes, roughly.</summary>
    public required double Gigabytes { get; init; }

    /// <summary>Blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>The hook to look at first, where <see cref="Sae"/> reads if there is one.</summary>
    [JsonConverter(typeof(HookJson))]
    public required HookName Hook { get; init; }

    /// <summary>The SAE to begin with: <c>release:id</c> by SAELens's names, or <c>org/name:id</c> where its list has none; null if none is known.</summary>
    public string? Sae { get; init; }

    /// <summary>What to compute in: float32 for small models, bfloat16 for the rest.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<ScalarType>))]
    public required ScalarType Dtype { get; init; }

    /// <summary>Prompts and how the model goes on; none of a model that has no record.</summary>
    public required IReadOnlyList<PromptExample> Examples { get; init; }

    /// <summary>How it is asked to translate and to repeat; by default as models of its kind are.</summary>
    public TranslationPrompts Translation
    {
        get => field ?? (IsChat ? TranslationPrompts.ByInstruction : TranslationPrompts.ByContinuation);
        init;
    }

    /// <summary>Where latents that begin a translation are looked for first; null for <see cref="Hook"/>.</summary>
    [JsonConverter(typeof(HookJson))]
    public HookName? SwitchHook { get; init; }

    /// <summary>Latents that the literature names, of SAEs of the release that <see cref="Sae"/> is of.</summary>
    public IReadOnlyList<KnownLatent> Latents { get; init; } = [];

    /// <summary>Where the model is described and its licence accepted; null for a shipped one.</summary>
    [JsonIgnore]
    public string? Page => Repository is null ? null : $"https://huggingface.co/{Repository}";

    /// <summary>The repository at its revision; null for a shipped model.</summary>
    internal HubName? HubName => Repository is null ? null : new(Repository, Revision);

    /// <summary>The hook to look at first, or the same in another block.</summary>
    /// <param name="layer">the block, counted from 0; null for the record's own</param>
    /// <exception cref="ArgumentOutOfRangeException">the model has no such block</exception>
    public HookName HookAt(int? layer) => InBlock(Hook, layer);

    /// <summary>The hook at which to look first for latents that begin a translation, or the same in another block.</summary>
    /// <inheritdoc cref="HookAt"/>
    public HookName SwitchHookAt(int? layer) => InBlock(SwitchHook ?? Hook, layer);

    /// <summary>What can be said of a model that has no record: the stream after its middle block, and general prompts.</summary>
    internal static KnownModel Unlisted(string name, ModelConfig config, ScalarType dtype) => new()
    {
        Name = name, Licence = "unknown", Gigabytes = 0, Layers = config.NLayers, Hook = Hooks.Hook.ResidPost(config.NLayers / 2), Dtype = dtype, Examples = [],
    };

    private HookName InBlock(HookName hook, int? layer) => layer is not { } block ? hook
        : block >= 0 && block < Layers ? new(hook.Point, block)
        : throw new ArgumentOutOfRangeException(nameof(layer), $"{Name} has no block {block}; its {Layers} blocks are counted from 0.");
}

/// <summary>A latent that the literature names.</summary>
/// <param name="Hook">where its SAE reads</param>
/// <param name="Latent">its number</param>
/// <param name="Expectation">what is said of it</param>
/// <param name="Source">who says so</param>
public sealed record KnownLatent([property: JsonConverter(typeof(HookJson))] HookName Hook, int Latent, string Expectation, string Source);

/// <summary>A prompt and what follows.</summary>
/// <param name="Prompt">the text; of a chat model, the user's turn</param>
/// <param name="Continuation">how the greedy continuation begins</param>
/// <param name="Source">why that is expected: a paper, a measurement</param>
public sealed record PromptExample(string Prompt, string Continuation, string Source);
