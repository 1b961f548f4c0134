using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Hub;

/// <summary>A repository of the hub at a revision, written <c>org/name</c> or <c>org/name@revision</c>.</summary>
public sealed partial record HubName
{
    /// <summary>The revision that is meant where none is said.</summary>
    public const string DefaultRevision = "main";

    private const string DatasetPrefix = "datasets/";

    /// <summary>Names a repository.</summary>
    /// <param name="repository"><c>org/name</c>, or <c>name</c> alone for the few oldest repositories; <c>datasets/org/name</c> for a dataset</param>
    /// <param name="revision">branch, tag or commit</param>
    /// <exception cref="HubException">a name that the hub does not allow</exception>
    public HubName(string repository, string revision = DefaultRevision)
    {
        IsDataset = repository.StartsWith(DatasetPrefix, StringComparison.Ordinal);
        var name = IsDataset ? repository[DatasetPrefix.Length..] : repository;
        if (!IsRepository(name))
            throw new HubException(HubProblem.BadName, $"'{repository}' is no name of a repository; it is written org/name, with letters, digits, '.', '_' and '-'.");
        if (HubPath.Problem(revision) is { } problem)
            throw new HubException(HubProblem.BadName, $"'{HubPath.Shown(revision)}' is no revision of {repository}: it {problem}; name a branch, a tag or a commit.");
        (Repository, Revision) = (name, revision);
    }

    /// <summary>For example <c>google/gemma-2-2b</c>.</summary>
    public string Repository { get; }

    /// <summary>Whether it is a dataset and not a model.</summary>
    public bool IsDataset { get; }

    /// <summary>Its path on the hub: <see cref="Repository"/>, after <c>datasets/</c> if it is one.</summary>
    public string Address => IsDataset ? DatasetPrefix + Repository : Repository;

    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; }

    /// <summary>Whether the revision is a commit, whose files never change.</summary>
    public bool IsCommit => HubPath.IsCommit(Revision);

    /// <summary>Reads <c>org/name</c> or <c>org/name@revision</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubName? name)
    {
        var (repository, revision) = text.Split('@', 2) is [var before, var after] ? (before, after) : (text, DefaultRevision);
        var isName = repository.Contains('/') && IsRepository(repository) && HubPath.Problem(revision) is null;
        name = isName ? new(repository, revision) : null;
        return isName;
    }

    /// <inheritdoc/>
    public override string ToString() => Revision == DefaultRevision ? Address : $"{Address}@{Revision}";

    /// <summary>The hub's own rule; "--" stands for "/" in the cache's folder names.</summary>
    private static bool IsRepository(string text) =>
        Allowed().IsMatch(text) && !text.Contains("--") && !text.Contains("..") && !text.EndsWith(".git", StringComparison.Ordinal);

    [GeneratedRegex(@"\A(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]{0,94}[a-zA-Z0-9_])?/)?[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]{0,94}[a-zA-Z0-9_])?\z")]
    private static partial Regex Allowed();
}
