namespace SaeNotebooks.Translation.Switch;

/// <summary>How much a search for the translation switch measures. The defaults are those of the shipped report.</summary>
public sealed record SwitchOptions
{
    /// <summary>Cases per kind of receiver in the patching experiment.</summary>
    public int PatchCases { get; init; } = 100;

    /// <summary>Translation prompts, and as many others, on which it is counted where latents fire.</summary>
    public int DiscoveryPrompts { get; init; } = 400;

    /// <summary>Latents that are ablated one by one: those that write most on translation prompts compared with others.</summary>
    public int Candidates { get; init; } = 48;

    /// <summary>Translation prompts on which causal effects are measured.</summary>
    public int EffectPrompts { get; init; } = 80;

    /// <summary>First answer tokens whose log-probability is the causal effect.</summary>
    public int FirstTokens { get; init; } = 3;

    /// <summary>Latents chosen in the end.</summary>
    public int Chosen { get; init; } = 8;

    /// <summary>Prompts on which layers and strengths are compared.</summary>
    public int SelectionPrompts { get; init; } = 150;

    /// <summary>Fresh prompts on which the chosen latents are measured.</summary>
    public int TestPrompts { get; init; } = 300;

    /// <summary>Draws of matched random latents.</summary>
    public int ControlDraws { get; init; } = 5;

    /// <summary>Seed of all draws.</summary>
    public ulong Seed { get; init; } = 20_260_202;

    /// <summary>Small numbers, for a notebook: intervals are wide.</summary>
    public static SwitchOptions Fast { get; } = new()
    {
        PatchCases = 24, DiscoveryPrompts = 96, Candidates = 24, EffectPrompts = 24, SelectionPrompts = 32, TestPrompts = 64, ControlDraws = 5,
    };
}
