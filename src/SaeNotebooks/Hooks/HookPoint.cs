namespace SaeNotebooks.Hooks;

/// <summary>The kinds of hook that a decoder has, in the order in which a block computes them. Names are TransformerLens's.</summary>
public enum HookPoint
{
    /// <summary><c>hook_embed</c>: [batch, pos, d_model], the token embedding.</summary>
    Embed,

    /// <summary><c>blocks.{l}.hook_resid_pre</c>: [batch, pos, d_model], the residual stream entering the block.</summary>
    ResidPre,

    /// <summary><c>blocks.{l}.ln1.hook_scale</c>: [batch, pos, 1], float32, what the norm before attention divides by.</summary>
    Ln1Scale,

    /// <summary><c>blocks.{l}.ln1.hook_normalized</c>: [batch, pos, d_model], normalised, before the norm's gain.</summary>
    Ln1Normalized,

    /// <summary><c>blocks.{l}.attn.hook_q</c>: [batch, pos, n_heads, d_head], before rotary positions.</summary>
    Q,

    /// <summary><c>blocks.{l}.attn.hook_k</c>: [batch, pos, n_key_value_heads, d_head], before rotary positions.</summary>
    K,

    /// <summary><c>blocks.{l}.attn.hook_v</c>: [batch, pos, n_key_value_heads, d_head].</summary>
    V,

    /// <summary><c>blocks.{l}.attn.hook_rot_q</c>: [batch, pos, n_heads, d_head], after rotary positions.</summary>
    RotQ,

    /// <summary><c>blocks.{l}.attn.hook_rot_k</c>: [batch, pos, n_key_value_heads, d_head], after rotary positions.</summary>
    RotK,

    /// <summary><c>blocks.{l}.attn.hook_attn_scores</c>: [batch, n_heads, query pos, key pos], float32, scaled; −∞ where masked.</summary>
    AttnScores,

    /// <summary><c>blocks.{l}.attn.hook_pattern</c>: [batch, n_heads, query pos, key pos], float32, softmax of the scores.</summary>
    Pattern,

    /// <summary><c>blocks.{l}.attn.hook_z</c>: [batch, pos, n_heads, d_head], the heads' outputs before the output projection.</summary>
    Z,

    /// <summary><c>blocks.{l}.hook_attn_out</c>: [batch, pos, d_model], what attention adds to the residual stream.</summary>
    AttnOut,

    /// <summary><c>blocks.{l}.hook_resid_mid</c>: [batch, pos, d_model], the residual stream between attention and MLP.</summary>
    ResidMid,

    /// <summary><c>blocks.{l}.ln2.hook_scale</c>: [batch, pos, 1], float32, what the norm before the MLP divides by.</summary>
    Ln2Scale,

    /// <summary><c>blocks.{l}.ln2.hook_normalized</c>: [batch, pos, d_model], normalised, before the norm's gain.</summary>
    Ln2Normalized,

    /// <summary><c>blocks.{l}.mlp.hook_pre</c>: [batch, pos, d_mlp], input of the activation function.</summary>
    MlpPre,

    /// <summary><c>blocks.{l}.mlp.hook_pre_linear</c>: [batch, pos, d_mlp], the branch of a gated MLP that the gate multiplies.</summary>
    MlpPreLinear,

    /// <summary><c>blocks.{l}.mlp.hook_post</c>: [batch, pos, d_mlp], the neurons: activation, times the linear branch if gated.</summary>
    MlpPost,

    /// <summary><c>blocks.{l}.hook_mlp_out</c>: [batch, pos, d_model], what the MLP adds to the residual stream.</summary>
    MlpOut,

    /// <summary><c>blocks.{l}.hook_resid_post</c>: [batch, pos, d_model], the residual stream leaving the block.</summary>
    ResidPost,

    /// <summary><c>ln_final.hook_scale</c>: [batch, pos, 1], float32, what the final norm divides by.</summary>
    LnFinalScale,

    /// <summary><c>ln_final.hook_normalized</c>: [batch, pos, d_model], normalised, before the final norm's gain.</summary>
    LnFinalNormalized,
}

/// <summary>What is known of each <see cref="HookPoint"/>.</summary>
internal static class HookPoints
{
    /// <summary>The part of the name after <c>blocks.{l}.</c>, or the whole name of a point outside the blocks; by enum value.</summary>
    private static readonly string[] Suffixes =
    [
        "hook_embed", "hook_resid_pre", "ln1.hook_scale", "ln1.hook_normalized", "attn.hook_q", "attn.hook_k", "attn.hook_v",
        "attn.hook_rot_q", "attn.hook_rot_k", "attn.hook_attn_scores", "attn.hook_pattern", "attn.hook_z", "hook_attn_out",
        "hook_resid_mid", "ln2.hook_scale", "ln2.hook_normalized", "mlp.hook_pre", "mlp.hook_pre_linear", "mlp.hook_post",
        "hook_mlp_out", "hook_resid_post", "ln_final.hook_scale", "ln_final.hook_normalized",
    ];

    public static readonly IReadOnlyList<HookPoint> All = Enum.GetValues<HookPoint>();

    public static string Suffix(this HookPoint point) => Suffixes[(int)point];

    public static bool IsInBlock(this HookPoint point) => point is > HookPoint.Embed and < HookPoint.LnFinalScale;

    /// <summary>Which dimension of the activation counts positions (query positions for attention matrices).</summary>
    public static int PositionDimension(this HookPoint point) => point is HookPoint.AttnScores or HookPoint.Pattern ? 2 : 1;
}
