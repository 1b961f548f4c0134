using System.Security.Cryptography;
using System.Text;

namespace SaeNotebooks.Kernel.Protocol;

/// <summary>Signs messages with HMAC-SHA256, and recognises those that a holder of the key signed and that have not been seen before.</summary>
/// <remarks>Signing is thread-safe; accepting is for one thread.</remarks>
internal sealed class MessageSigner(string key)
{
    private const int Remembered = 1 << 16;
    private readonly byte[] key = Encoding.UTF8.GetBytes(key);
    private readonly HashSet<string> seen = [];
    private readonly Queue<string> order = new();

    /// <summary>The signature of the four JSON frames, as lower-case hexadecimal ASCII.</summary>
    public byte[] Sign(IEnumerable<byte[]> frames)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var frame in frames) hmac.AppendData(frame);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hmac.GetHashAndReset()));
    }

    /// <summary>Whether the signature is right (compared in constant time) and its message is no replay.</summary>
    public bool Accepts(byte[] signature, IEnumerable<byte[]> frames) =>
        CryptographicOperations.FixedTimeEquals(signature, Sign(frames)) && Remember(Encoding.ASCII.GetString(signature));

    private bool Remember(string signature)
    {
        if (!seen.Add(signature)) return false;
        order.Enqueue(signature);
        if (order.Count > Remembered) seen.Remove(order.Dequeue());
        return true;
    }
}
