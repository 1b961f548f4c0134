namespace SaeNotebooks.Steering;

/// <summary>What becomes of the part of the activation that the SAE does not explain. Tools differ on it silently.</summary>
public enum ErrorTerm
{
    /// <summary>It stays: h + Σ (a′ − a) · W_dec. An edit that changes no latent changes nothing.</summary>
    Kept,

    /// <summary>It is lost: the activation is replaced by the reconstruction from the edited latents, so that even an edit that changes no latent
    /// costs what the SAE does not explain.</summary>
    Dropped,
}
