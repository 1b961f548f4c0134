namespace SaeNotebooks.Hub;

/// <summary>Something could not be had from the hub. The message is one line: what was asked, what was found, what to do.</summary>
public sealed class HubException : Exception
{
    /// <summary>A failure with its reason.</summary>
    public HubException(HubProblem problem, string message, Exception? cause = null) : base(message, cause) => Problem = problem;

    /// <summary>What went wrong, for programs; people read the message.</summary>
    public HubProblem Problem { get; }

    /// <summary>Whether the server, and not the question, is at fault for the moment.</summary>
    internal bool IsPassing => Problem is HubProblem.Unreachable or HubProblem.Unavailable;

    /// <summary>With <see cref="HubProblem.NoFile"/>, the commit that has no such file, if the server says.</summary>
    internal string? Commit { get; init; }
}

/// <summary>Why something could not be had from the hub.</summary>
public enum HubProblem
{
    /// <summary>The name of a repository, revision or file is malformed, or would lead out of the cache.</summary>
    BadName,

    /// <summary>There is no such repository, or it is private.</summary>
    NoRepository,

    /// <summary>The repository has no such branch, tag or commit.</summary>
    NoRevision,

    /// <summary>The repository has no such file.</summary>
    NoFile,

    /// <summary>A licence must be accepted first, or the account has no access.</summary>
    Gated,

    /// <summary>The token is not valid.</summary>
    BadToken,

    /// <summary>The server cannot be reached.</summary>
    Unreachable,

    /// <summary>The server is overloaded, limits requests or fails, even after several tries.</summary>
    Unavailable,

    /// <summary>The server does not answer as a hub does, or contradicts itself.</summary>
    BadServer,

    /// <summary>What arrived is not what the hub's checksum says.</summary>
    WrongChecksum,

    /// <summary>Offline, and not in the cache.</summary>
    NotCached,

    /// <summary>The cache holds something that must not be followed or read.</summary>
    DamagedCache,

    /// <summary>No space on the disk, or no right to write.</summary>
    Disk,
}
