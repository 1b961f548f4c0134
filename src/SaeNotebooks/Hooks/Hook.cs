namespace SaeNotebooks.Hooks;

/// <summary>The hooks of a model, by name: <c>Hook.ResidPost(4)</c> is <c>blocks.4.hook_resid_post</c>. Shapes are in
/// <see cref="HookPoint"/>.</summary>
public static class Hook
{
    /// <summary><c>hook_embed</c>: the token embedding.</summary>
    public static HookName Embed { get; } = new(HookPoint.Embed);

    /// <summary><c>hook_pos_embed</c>: the learned position (GPT-2).</summary>
    public static HookName PosEmbed { get; } = new(HookPoint.PosEmbed);

    /// <summary><c>ln_final.hook_scale</c>: what the final norm divides by.</summary>
    public static HookName LnFinalScale { get; } = new(HookPoint.LnFinalScale);

    /// <summary><c>ln_final.hook_normalized</c>: the normalised final residual, before the norm's gain.</summary>
    public static HookName LnFinalNormalized { get; } = new(HookPoint.LnFinalNormalized);

    /// <summary><c>blocks.{layer}.hook_resid_pre</c>: the residual stream entering block <paramref name="layer"/>.</summary>
    public static HookName ResidPre(int layer) => new(HookPoint.ResidPre, layer);

    /// <summary><c>blocks.{layer}.hook_resid_mid</c>: the residual stream between attention and MLP.</summary>
    public static HookName ResidMid(int layer) => new(HookPoint.ResidMid, layer);

    /// <summary><c>blocks.{layer}.hook_resid_post</c>: the residual stream leaving the block.</summary>
    public static HookName ResidPost(int layer) => new(HookPoint.ResidPost, layer);

    /// <summary><c>blocks.{layer}.hook_attn_out</c>: what attention adds to the residual stream.</summary>
    public static HookName AttnOut(int layer) => new(HookPoint.AttnOut, layer);

    /// <summary><c>blocks.{layer}.hook_mlp_out</c>: what the MLP adds to the residual stream.</summary>
    public static HookName MlpOut(int layer) => new(HookPoint.MlpOut, layer);

    /// <summary><c>blocks.{layer}.ln1.hook_scale</c>: what the norm before attention divides by.</summary>
    public static HookName Ln1Scale(int layer) => new(HookPoint.Ln1Scale, layer);

    /// <summary><c>blocks.{layer}.ln1.hook_normalized</c>: the normalised input of attention, before the norm's gain.</summary>
    public static HookName Ln1Normalized(int layer) => new(HookPoint.Ln1Normalized, layer);

    /// <summary><c>blocks.{layer}.ln1_post.hook_scale</c>: what the norm after attention divides by (Gemma 2 and 3).</summary>
    public static HookName Ln1PostScale(int layer) => new(HookPoint.Ln1PostScale, layer);

    /// <summary><c>blocks.{layer}.ln1_post.hook_normalized</c>: the normalised output of attention, before the norm's gain.</summary>
    public static HookName Ln1PostNormalized(int layer) => new(HookPoint.Ln1PostNormalized, layer);

    /// <summary><c>blocks.{layer}.ln2.hook_scale</c>: what the norm before the MLP divides by.</summary>
    public static HookName Ln2Scale(int layer) => new(HookPoint.Ln2Scale, layer);

    /// <summary><c>blocks.{layer}.ln2.hook_normalized</c>: the normalised input of the MLP, before the norm's gain.</summary>
    public static HookName Ln2Normalized(int layer) => new(HookPoint.Ln2Normalized, layer);

    /// <summary><c>blocks.{layer}.ln2_post.hook_scale</c>: what the norm after the MLP divides by (Gemma 2 and 3).</summary>
    public static HookName Ln2PostScale(int layer) => new(HookPoint.Ln2PostScale, layer);

    /// <summary><c>blocks.{layer}.ln2_post.hook_normalized</c>: the normalised output of the MLP, before the norm's gain.</summary>
    public static HookName Ln2PostNormalized(int layer) => new(HookPoint.Ln2PostNormalized, layer);

    /// <summary><c>blocks.{layer}.attn.hook_q</c>: queries before norms of heads and rotary positions.</summary>
    public static HookName Q(int layer) => new(HookPoint.Q, layer);

    /// <summary><c>blocks.{layer}.attn.hook_k</c>: keys before norms of heads and rotary positions.</summary>
    public static HookName K(int layer) => new(HookPoint.K, layer);

    /// <summary><c>blocks.{layer}.attn.hook_v</c>: values.</summary>
    public static HookName V(int layer) => new(HookPoint.V, layer);

    /// <summary><c>blocks.{layer}.attn.q_norm.hook_scale</c>: what the norm of each query divides by (Qwen 3, Gemma 3).</summary>
    public static HookName QNormScale(int layer) => new(HookPoint.QNormScale, layer);

    /// <summary><c>blocks.{layer}.attn.q_norm.hook_normalized</c>: normalised queries, before the norm's gain.</summary>
    public static HookName QNormNormalized(int layer) => new(HookPoint.QNormNormalized, layer);

    /// <summary><c>blocks.{layer}.attn.k_norm.hook_scale</c>: what the norm of each key divides by (Qwen 3, Gemma 3).</summary>
    public static HookName KNormScale(int layer) => new(HookPoint.KNormScale, layer);

    /// <summary><c>blocks.{layer}.attn.k_norm.hook_normalized</c>: normalised keys, before the norm's gain.</summary>
    public static HookName KNormNormalized(int layer) => new(HookPoint.KNormNormalized, layer);

    /// <summary><c>blocks.{layer}.attn.hook_rot_q</c>: queries after rotary positions.</summary>
    public static HookName RotQ(int layer) => new(HookPoint.RotQ, layer);

    /// <summary><c>blocks.{layer}.attn.hook_rot_k</c>: keys after rotary positions.</summary>
    public static HookName RotK(int layer) => new(HookPoint.RotK, layer);

    /// <summary><c>blocks.{layer}.attn.hook_attn_scores</c>: scaled and soft-capped attention scores, −∞ where masked.</summary>
    public static HookName AttnScores(int layer) => new(HookPoint.AttnScores, layer);

    /// <summary><c>blocks.{layer}.attn.hook_pattern</c>: attention pattern, the softmax of the scores.</summary>
    public static HookName Pattern(int layer) => new(HookPoint.Pattern, layer);

    /// <summary><c>blocks.{layer}.attn.hook_z</c>: outputs of the heads before the output projection.</summary>
    public static HookName Z(int layer) => new(HookPoint.Z, layer);

    /// <summary><c>blocks.{layer}.mlp.hook_in</c>: what the MLP reads, after the norm's gain.</summary>
    public static HookName MlpIn(int layer) => new(HookPoint.MlpIn, layer);

    /// <summary><c>blocks.{layer}.mlp.hook_pre</c>: input of the activation function.</summary>
    public static HookName MlpPre(int layer) => new(HookPoint.MlpPre, layer);

    /// <summary><c>blocks.{layer}.mlp.hook_pre_linear</c>: the linear branch of a gated MLP.</summary>
    public static HookName MlpPreLinear(int layer) => new(HookPoint.MlpPreLinear, layer);

    /// <summary><c>blocks.{layer}.mlp.hook_post</c>: neurons.</summary>
    public static HookName MlpPost(int layer) => new(HookPoint.MlpPost, layer);
}
