using System.Text.Encodings.Web;
using System.Text.Json;
using SaeNotebooks.Display;
using SaeNotebooks.Features.Dashboards.Rendering;

namespace SaeNotebooks.Features.Dashboards;

/// <summary>
/// The static site of an SAE: <c>index.html</c> with list and search, <c>latents.js</c> with what they need, and <c>latents/N.js</c>, loaded when latent N
/// is asked for. Opened from disk: nothing is fetched but these scripts.
/// </summary>
internal static class DashboardSite
{
    // These are files of their own, in which "<" ends nothing; escaped it would make them half as large again.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const string IndexFile = "index.html", ListFile = "latents.js", PagesFolder = "latents";

    public static void Write(SaeIndex index, string folder, IReadOnlyList<int> latents, DashboardOptions options, CancellationToken cancellation)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireReplaceable(folder);
        foreach (var latent in latents) index.Require(latent);
        var partial = $"{folder}.{Environment.ProcessId}.partial";
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(Path.Combine(partial, PagesFolder));
        try
        {
            WritePages(index, Path.Combine(partial, PagesFolder), latents, options, cancellation);
            File.WriteAllText(Path.Combine(partial, ListFile), $"saeSite.latents({JsonSerializer.Serialize(latents.Select(l => Entry(index, l, options)), Json)});\n");
            File.WriteAllText(Path.Combine(partial, IndexFile), Page(index));
            Replace(folder, partial);
        }
        finally { if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true); }
    }

    private static void WritePages(SaeIndex index, string folder, IReadOnlyList<int> latents, DashboardOptions options, CancellationToken cancellation)
    {
        var there = latents.ToHashSet();
        using var progress = Progress.Start("Writing the site", latents.Count, "latents", cancellation: cancellation);
        foreach (var (i, latent) in latents.Index())
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            var html = DashboardHtml.Write(LatentDashboard.Of(index, latent, options), other => there.Contains(other) ? $"#{other}" : null);
            File.WriteAllText(Path.Combine(folder, $"{latent}.js"), $"saeSite.page({latent}, {JsonSerializer.Serialize(html, Json)});\n");
            progress.Report(i + 1);
        }
    }

    /// <summary>Number, rate, score of the label or null, and the label or the tokens that it fires on most often.</summary>
    private static object?[] Entry(SaeIndex index, int latent, DashboardOptions options)
    {
        var label = options.Labels?[latent];
        return [latent, Math.Round(index.Rates[latent], 6), label?.BalancedAccuracy is { } score ? Math.Round(score, 3) : null, label?.Text ?? Words(index, latent)];
    }

    private static string Words(SaeIndex index, int latent) => index.Rates[latent] == 0 ? "never fires"
        : string.Join(" ", index.TokensByRate(latent, 4, atLeast: 2).Select(t => TokenStrip.Visible(t.Token.Text)));

    private static string Page(SaeIndex index) => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,"><title>Latents of {Html.Encode(index.Hook.ToString())}</title>
        <style>
        {Asset("site.css")}</style></head>
        <body>
        <header><h1>{Html.Encode(LatentDashboard.WhereOf(index))}<span>{Html.Encode($"on {index.Corpus.Counted:N0} tokens of {index.Index.Header.Corpus}")}</span></h1><button id="theme">Theme</button></header>
        <nav aria-label="Latents"><div><input id="search" type="search" placeholder="number or words" aria-label="Search latents" autocomplete="off">
        <select id="order" aria-label="Order"><option value="id">by number</option><option value="rate">by rate</option><option value="score">by score</option></select></div>
        <div id="count" style="display:block" role="status"></div><ul id="list"></ul></nav>
        <main tabindex="-1"><noscript><p class="none">This site needs JavaScript, from its own folder only.</p></noscript></main>
        <script>
        {Asset("site.js")}</script>
        <script src="{ListFile}"></script>
        </body></html>

        """;

    private static string Asset(string name)
    {
        using var stream = typeof(DashboardSite).Assembly.GetManifestResourceStream($"dashboard-site/{name}") ?? throw new InvalidOperationException($"no embedded resource '{name}'");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Nobody's other files are deleted for a site.</summary>
    private static void RequireReplaceable(string folder)
    {
        if (File.Exists(folder)) throw new IOException($"'{folder}' is a file; name a folder for the site.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, ListFile)))
            throw new IOException($"'{folder}' holds something else than a site of latents; name another folder, or empty this one.");
    }

    private static void Replace(string folder, string partial)
    {
        var old = $"{folder}.{Environment.ProcessId}.old";
        if (Directory.Exists(folder)) Directory.Move(folder, old);
        Directory.Move(partial, folder);
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }
}
