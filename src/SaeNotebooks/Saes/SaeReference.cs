using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hub;
using SaeNotebooks.Saes.Registry;

namespace SaeNotebooks.Saes;

/// <summary>
/// How people name an SAE, the same in every command and call: a file or a folder of any format, or <c>release:id</c> for one of a set, which is
/// shipped (<c>tiny:blocks.4.hook_resid_post</c>) or in the registry, by its release or its repository
/// (<c>gemma-scope-2b-pt-res-canonical:layer_20/width_16k/canonical</c>).
/// </summary>
public sealed record SaeReference
{
    private SaeReference(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The file or folder; null if it has yet to be fetched.</summary>
    public string? Path { get; private init; }

    /// <summary>Where it is published; null if it is on this machine.</summary>
    public PublishedSae? Published { get; private init; }

    /// <summary>Finds what a name means, without reading or fetching it.</summary>
    /// <param name="text">a file, a folder, or <c>release:id</c></param>
    /// <exception cref="ReferenceException">no such release or SAE; the message names the nearest</exception>
    /// <exception cref="CheckpointException">no such file or folder</exception>
    public static SaeReference Of(string text)
    {
        if (File.Exists(text) || Directory.Exists(text)) return new(text) { Path = text };
        if (text.IndexOf(':') is var colon && colon <= 0) throw new CheckpointException(text, null, "there is no such file or folder; an SAE of a set is written release:id");
        return IsShipped(text[..colon]) ? new(text) { Path = Reference.ToSae(text).Folder } : OfRegistry(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>One of the registry.</summary>
    /// <inheritdoc cref="SaeRegistry.Find"/>
    public static SaeReference OfRegistry(string release, string id) => new($"{release}:{id}") { Published = SaeRegistry.Find(release, id) };

    /// <summary>Reads it, after fetching it if it is not on this machine; the caller owns it.</summary>
    /// <param name="options">what the files do not say</param>
    /// <param name="cancellation">gives up a download; the next one goes on from there</param>
    /// <exception cref="ReferenceException">its repository lacks a file</exception>
    /// <exception cref="HubException">it cannot be downloaded; the message says why and what to do</exception>
    /// <exception cref="CheckpointException">no SAE of a known format, damaged or contradictory files, or something that they do not say</exception>
    public Sae Load(SaeOptions? options = null, CancellationToken cancellation = default)
    {
        if (Path is not null) return SaeFile.Load(Path, options);
        using var hub = new HubClient();
        return SaeRegistry.Load(Published!, options, (repository, file) => hub.FindFile(repository, file, cancellation: cancellation));
    }

    private static bool IsShipped(string release) => DataFolder.Find() is { } data && Directory.Exists(System.IO.Path.Combine(data, "saes", release));
}
