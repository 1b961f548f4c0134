using SaeNotebooks.Hooks;

namespace SaeNotebooks.Saes;

/// <summary>What a file of an SAE does not say, or says wrongly. Everything is optional; what is set goes before what the file says.</summary>
public sealed record SaeOptions
{
    /// <summary>The format's name, where the files do not give it away; see <see cref="SaeFile.Formats"/>.</summary>
    public string? Format { get; init; }

    /// <summary>The hook that the SAE reads.</summary>
    public HookName? Hook { get; init; }

    /// <summary>The hook that a transcoder predicts.</summary>
    public HookName? OutputHook { get; init; }

    /// <summary>The hook to assume where neither the files, nor their path, nor <see cref="Hook"/> name one: whoever only encodes tensors does not
    /// need it. Without it, such an SAE is refused.</summary>
    public HookName? HookIfUnknown { get; init; }

    /// <summary>The model that it was trained on.</summary>
    public string? Model { get; init; }

    /// <summary>Latents per token of a TopK SAE.</summary>
    public int? K { get; init; }

    /// <summary>√d_in / mean ‖x‖, for an SAE that expects activations of a mean norm of √d_in (<c>expected_average_only_in</c>).</summary>
    public double? ActivationScale { get; init; }

    /// <summary>In which units Llama Scope's latents are.</summary>
    public LlamaScopeConvention LlamaScope { get; init; }
}

/// <summary>How Llama Scope's files become an SAE on raw activations; the reconstructions agree where decoder columns have norm 1.</summary>
public enum LlamaScopeConvention
{
    /// <summary>As its authors do: activations of latents in raw units, the decoder's norms folded into the encoder before the threshold.</summary>
    Authors,

    /// <summary>As SAELens does: activations √d_in / mean ‖x‖ times as large, and the decoder's norms left alone.</summary>
    SaeLens,
}
