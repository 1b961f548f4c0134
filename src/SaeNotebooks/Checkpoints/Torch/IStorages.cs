namespace SaeNotebooks.Checkpoints.Torch;

/// <summary>Where the numbers of a PyTorch file are.</summary>
internal interface IStorages : IDisposable
{
    /// <summary>Reads one storage.</summary>
    /// <param name="storage">which</param>
    /// <param name="read">is given a stream at its first number, and reads all of them</param>
    void Read(PickledStorage storage, Action<Stream> read);
}
