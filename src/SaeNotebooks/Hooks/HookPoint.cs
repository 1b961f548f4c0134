namespace SaeNotebooks.Hooks;

/// <summary>The kinds of hook that a decoder has, in the order in which a block computes them. Names are TransformerLens's.</summary>
public enum HookPoint
{
    /// <summary><c>hook_embed</c>: [batch, pos, d_model], the token embedding, after Gemma's scale.</summary>
    Embed,

    /// <summary><c>hook_pos_embed</c>: [batch, pos, d_model], the learned position that is added to it; only in GPT-2.</summary>
    PosEmbed,

    /// <summary><c>blocks.{l}.hook_resid_pre</c>: [batch, pos, d_model], the residual stream entering the block.</summary>
    ResidPre,

    /// <summary><c>blocks.{l}.ln1.hook_scale</c>: [batch, pos, 1], float32, what the norm before attention divides by.</summary>
    Ln1Scale,

    /// <summary><c>blocks.{l}.ln1.hook_normalized</c>: [batch, pos, d_model], float32, normalised, before the norm's gain and bias.</summary>
    Ln1Normalized,

    /// <summary><c>blocks.{l}.attn.hook_q</c>: [batch, pos, n_heads, d_head], before norms of heads and rotary positions.</summary>
    Q,

    /// <summary><c>blocks.{l}.attn.hook_k</c>: [batch, pos, n_key_value_heads, d_head], before norms of heads and rotary positions.</summary>
    K,

    /// <summary><c>blocks.{l}.attn.hook_v</c>: [batch, pos, n_key_value_heads, d_head].</summary>
    V,

    /// <summary><c>blocks.{l}.attn.q_norm.hook_scale</c>: [batch, pos, n_heads, 1], float32, what the norm of each query divides by;
    /// in TransformerLens flattened to [batch · pos · n_heads, 1].</summary>
    QNormScale,

    /// <summary><c>blocks.{l}.attn.q_norm.hook_normalized</c>: [batch, pos, n_heads, d_head], float32, before the norm's gain; in
    /// TransformerLens flattened to [batch · pos · n_heads, d_head].</summary>
    QNormNormalized,

    /// <summary><c>blocks.{l}.attn.k_norm.hook_scale</c>: [batch, pos, n_key_value_heads, 1], float32, as <see cref="QNormScale"/>.</summary>
    KNormScale,

    /// <summary><c>blocks.{l}.attn.k_norm.hook_normalized</c>: [batch, pos, n_key_value_heads, d_head], float32, as
    /// <see cref="QNormNormalized"/>.</summary>
    KNormNormalized,

    /// <summary><c>blocks.{l}.attn.hook_rot_q</c>: [batch, pos, n_heads, d_head], after rotary positions.</summary>
    RotQ,

    /// <summary><c>blocks.{l}.attn.hook_rot_k</c>: [batch, pos, n_key_value_heads, d_head], after rotary positions.</summary>
    RotK,

    /// <summary><c>blocks.{l}.attn.hook_attn_scores</c>: [batch, n_heads, query pos, key pos], float32, scaled and soft-capped; −∞ where masked.</summary>
    AttnScores,

    /// <summary><c>blocks.{l}.attn.hook_pattern</c>: [batch, n_heads, query pos, key pos], float32, softmax of the scores.</summary>
    Pattern,

    /// <summary><c>blocks.{l}.attn.hook_z</c>: [batch, pos, n_heads, d_head], the heads' outputs before the output projection.</summary>
    Z,

    /// <summary><c>blocks.{l}.ln1_post.hook_scale</c>: [batch, pos, 1], float32, what the norm after attention divides by (Gemma 2 and
    /// 3).</summary>
    Ln1PostScale,

    /// <summary><c>blocks.{l}.ln1_post.hook_normalized</c>: [batch, pos, d_model], float32, attention's output normalised, before the
    /// norm's gain.</summary>
    Ln1PostNormalized,

    /// <summary><c>blocks.{l}.hook_attn_out</c>: [batch, pos, d_model], what attention adds to the residual stream: after the norm that
    /// follows it, where there is one.</summary>
    AttnOut,

    /// <summary><c>blocks.{l}.hook_resid_mid</c>: [batch, pos, d_model], the residual stream between attention and MLP; not where these are parallel.</summary>
    ResidMid,

    /// <summary><c>blocks.{l}.ln2.hook_scale</c>: [batch, pos, 1], float32, what the norm before the MLP divides by.</summary>
    Ln2Scale,

    /// <summary><c>blocks.{l}.ln2.hook_normalized</c>: [batch, pos, d_model], float32, normalised, before the norm's gain and bias.</summary>
    Ln2Normalized,

    /// <summary><c>blocks.{l}.mlp.hook_in</c>: [batch, pos, d_model], what the MLP reads: normalised, after the norm's gain and bias, which
    /// <see cref="Ln2Normalized"/> lacks.</summary>
    MlpIn,

    /// <summary><c>blocks.{l}.mlp.hook_pre</c>: [batch, pos, d_mlp], input of the activation function.</summary>
    MlpPre,

    /// <summary><c>blocks.{l}.mlp.hook_pre_linear</c>: [batch, pos, d_mlp], the branch of a gated MLP that the gate multiplies.</summary>
    MlpPreLinear,

    /// <summary><c>blocks.{l}.mlp.hook_post</c>: [batch, pos, d_mlp], the neurons: activation, times the linear branch if gated.</summary>
    MlpPost,

    /// <summary><c>blocks.{l}.ln2_post.hook_scale</c>: [batch, pos, 1], float32, what the norm after the MLP divides by (Gemma 2 and
    /// 3).</summary>
    Ln2PostScale,

    /// <summary><c>blocks.{l}.ln2_post.hook_normalized</c>: [batch, pos, d_model], float32, the MLP's output normalised, before the norm's
    /// gain.</summary>
    Ln2PostNormalized,

    /// <summary><c>blocks.{l}.hook_mlp_out</c>: [batch, pos, d_model], what the MLP adds to the residual stream: after the norm that
    /// follows it, where there is one.</summary>
    MlpOut,

    /// <summary><c>blocks.{l}.hook_resid_post</c>: [batch, pos, d_model], the residual stream leaving the block.</summary>
    ResidPost,

    /// <summary><c>ln_final.hook_scale</c>: [batch, pos, 1], float32, what the final norm divides by.</summary>
    LnFinalScale,

    /// <summary><c>ln_final.hook_normalized</c>: [batch, pos, d_model], float32, normalised, before the final norm's gain and bias.</summary>
    LnFinalNormalized,
}

/// <summary>What is known of each <see cref="HookPoint"/>.</summary>
internal static class HookPoints
{
    /// <summary>The part of the name after <c>blocks.{l}.</c>, or the whole name of a point outside the blocks; by enum value.</summary>
    private static readonly string[] Suffixes =
    [
        "hook_embed", "hook_pos_embed", "hook_resid_pre", "ln1.hook_scale", "ln1.hook_normalized", "attn.hook_q", "attn.hook_k", "attn.hook_v",
        "attn.q_norm.hook_scale", "attn.q_norm.hook_normalized", "attn.k_norm.hook_scale", "attn.k_norm.hook_normalized",
        "attn.hook_rot_q", "attn.hook_rot_k", "attn.hook_attn_scores", "attn.hook_pattern", "attn.hook_z",
        "ln1_post.hook_scale", "ln1_post.hook_normalized", "hook_attn_out",
        "hook_resid_mid", "ln2.hook_scale", "ln2.hook_normalized", "mlp.hook_in", "mlp.hook_pre", "mlp.hook_pre_linear", "mlp.hook_post",
        "ln2_post.hook_scale", "ln2_post.hook_normalized", "hook_mlp_out", "hook_resid_post", "ln_final.hook_scale", "ln_final.hook_normalized",
    ];

    public static readonly IReadOnlyList<HookPoint> All = Enum.GetValues<HookPoint>();

    public static string Suffix(this HookPoint point) => Suffixes[(int)point];

    /// <summary>The dimensions of the activation, in the words of the documentation of <see cref="HookPoint"/>.</summary>
    public static string Shape(this HookPoint point) => point switch
    {
        HookPoint.Ln1Scale or HookPoint.Ln1PostScale or HookPoint.Ln2Scale or HookPoint.Ln2PostScale or HookPoint.LnFinalScale => "[batch, pos, 1]",
        HookPoint.Q or HookPoint.RotQ or HookPoint.Z or HookPoint.QNormNormalized => "[batch, pos, n_heads, d_head]",
        HookPoint.K or HookPoint.V or HookPoint.RotK or HookPoint.KNormNormalized => "[batch, pos, n_key_value_heads, d_head]",
        HookPoint.QNormScale => "[batch, pos, n_heads, 1]",
        HookPoint.KNormScale => "[batch, pos, n_key_value_heads, 1]",
        HookPoint.AttnScores or HookPoint.Pattern => "[batch, n_heads, query pos, key pos]",
        HookPoint.MlpPre or HookPoint.MlpPreLinear or HookPoint.MlpPost => "[batch, pos, d_mlp]",
        _ => "[batch, pos, d_model]",
    };

    public static bool IsInBlock(this HookPoint point) => point is > HookPoint.PosEmbed and < HookPoint.LnFinalScale;

    /// <summary>Which dimension of the activation counts positions (query positions for attention matrices).</summary>
    public static int PositionDimension(this HookPoint point) => point is HookPoint.AttnScores or HookPoint.Pattern ? 2 : 1;
}
