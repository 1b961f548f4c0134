namespace SaeNotebooks.Controls;

/// <summary>
/// The sessions that a kernel keeps. A host does not say when an output is gone, and a session holds what its cell drew from, models among it: so the
/// newest are kept, and an older one is ended. For one thread at a time, as cells and messages of the front end are.
/// </summary>
internal static class LiveSessions
{
    /// <summary>How many are kept: more than a person works at once.</summary>
    public const int Most = 100;

    private static readonly Queue<(string Id, LiveSession Session)> Kept = [];
    private static readonly Dictionary<string, LiveSession> Newest = [];

    /// <summary>Keeps a session, and ends the oldest of too many.</summary>
    /// <param name="id">of its controls in pages; a cell that is run again has the same</param>
    /// <param name="session">the session</param>
    public static void Keep(string id, LiveSession session)
    {
        Kept.Enqueue((id, session));
        Newest[id] = session;
        if (Kept.Count <= Most) return;
        var (old, oldest) = Kept.Dequeue();
        oldest.End();
        if (Newest[old] == oldest) Newest.Remove(old);
    }

    /// <summary>The newest session of controls; null if none is kept.</summary>
    public static LiveSession? Find(string id) => Newest.GetValueOrDefault(id);
}
