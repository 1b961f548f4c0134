namespace SaeNotebooks.Figures;

/// <summary>The colours of every chart and token strip.</summary>
internal static class Palette
{
    /// <summary>Okabe and Ito's colours for all kinds of colour vision (jfly.uni-koeln.de/color), less the two that vanish on white or black.</summary>
    public static readonly string[] Categories = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8C8C8C"];

    /// <summary>Of every control, so that it is known at a glance for what it is.</summary>
    public const string Control = "#8C8C8C";

    /// <summary>Matplotlib's viridis at nine even steps: lightness rises throughout, so order survives any colour vision and print.</summary>
    public static readonly string[] Sequential =
        ["#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725"];

    /// <summary>From blue (negative) through near-white to orange (positive), equally dark on both sides; blue and orange differ to every colour vision.</summary>
    public static readonly string[] Diverging =
        ["#0B4F94", "#2F7FC1", "#7FB2DD", "#C5DCEF", "#F7F7F7", "#FBDDBF", "#F3A863", "#DD7021", "#A84300"];

    /// <summary>Legible on white and on near-black alike: contrast 4 : 1 with both.</summary>
    public const string NeutralText = "#7A7F87";

    public const string FontFamily = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
}

/// <summary>How numbers become colours.</summary>
public enum Scale
{
    /// <summary>From the smallest to the largest value: amounts, norms, probabilities.</summary>
    Sequential,
    /// <summary>Blue below 0, orange above, pale at 0, equally far on both sides: differences, attributions, logits.</summary>
    Diverging,
}
