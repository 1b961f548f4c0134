using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SaeNotebooks.Hub;

/// <summary>
/// The digest by which the hub names a file's content: SHA-256 of large files (git LFS), and of the rest what git itself computes,
/// SHA-1 of <c>"blob SIZE\0"</c> and the content (git's gitformat-pack and hash-object).
/// </summary>
internal sealed class ContentDigest : IDisposable
{
    private readonly IncrementalHash _hash;

    /// <param name="like">a digest of the kind that is wanted</param>
    /// <param name="size">bytes of the content</param>
    public ContentDigest(string like, long size)
    {
        var isGit = like.Length == 2 * SHA1.HashSizeInBytes;
        _hash = IncrementalHash.CreateHash(isGit ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (isGit) _hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0")));
    }

    public void Append(ReadOnlySpan<byte> content) => _hash.AppendData(content);

    /// <summary>Lower-case hexadecimal digits; ends the computation.</summary>
    public string Hex() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
