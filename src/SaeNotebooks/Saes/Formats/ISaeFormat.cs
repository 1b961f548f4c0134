namespace SaeNotebooks.Saes.Formats;

/// <summary>A way in which SAEs are published. Converts to the canonical tensors at the door.</summary>
internal interface ISaeFormat
{
    /// <summary>A short name, for options and messages.</summary>
    string Name { get; }

    /// <summary>Whether the files look like this format; must not read tensors.</summary>
    bool Recognises(SaeLocation at);

    /// <summary>Reads the SAE; the caller owns it.</summary>
    /// <exception cref="Checkpoints.CheckpointException">missing, contradictory or damaged files</exception>
    Sae Load(SaeLocation at, SaeOptions options);
}
