using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SaeNotebooks.Cli.Rehearsing;

/// <summary>
/// A hub on the loopback address that has small random models and SAEs under the names of published ones, for notebooks to be tried on. It speaks as much of
/// huggingface.co's protocol as a download needs.
/// </summary>
internal sealed class TinyHub : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tiny-hub-").FullName;
    private readonly HttpListener listener = new();
    private readonly Task answering;
    private readonly List<string> asked = [];

    /// <summary>Writes the models and begins to serve.</summary>
    public TinyHub(IReadOnlyList<TinyModel> models)
    {
        foreach (var model in models) model.Write(Repositories);
        Directory.CreateSymbolicLink(Path.Combine(folder, "data"), Path.GetFullPath(DataFolder.Path));
        Address = $"http://127.0.0.1:{FreePort()}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        answering = Task.Run(Answer);
    }

    public string Address { get; }

    /// <summary>The repositories of which anything was asked, in the order of the first request.</summary>
    public IReadOnlyList<string> Asked { get { lock (asked) return [.. asked]; } }

    /// <summary>Variables with which a process asks this hub, keeps what it has from it in a cache of its own, and makes indexes in a folder of its own.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["HF_ENDPOINT"] = Address, ["HF_HOME"] = Path.Combine(folder, "cache"), ["HF_HUB_CACHE"] = "", ["HF_TOKEN"] = "", ["HF_HUB_OFFLINE"] = "",
        [DataFolder.Variable] = Path.Combine(folder, "data"),
    };

    private string Repositories => Path.Combine(folder, "repositories");

    public void Dispose()
    {
        listener.Close();
        answering.Wait();
        Directory.Delete(folder, recursive: true);
    }

    private async Task Answer()
    {
        while (true)
        {
            HttpListenerContext context;
            try { context = await listener.GetContextAsync(); }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
            try { Answer(Uri.UnescapeDataString(context.Request.Url!.AbsolutePath), context.Response, withBody: context.Request.HttpMethod != "HEAD"); }
            catch (HttpListenerException) { } // the client went away
        }
    }

    /// <summary>What is asked is <c>/api/models/ORG/NAME/revision/main</c>, a list of files, or <c>/ORG/NAME/resolve/main/FILE</c>.</summary>
    private void Answer(string path, HttpListenerResponse response, bool withBody)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isList = parts is ["api", "models", _, _, "revision", ..];
        var (repository, file) = isList ? ($"{parts[2]}/{parts[3]}", null) : parts is [var org, var name, "resolve", _, .. var rest] ? ($"{org}/{name}", string.Join('/', rest)) : ("", null);
        var at = Path.Combine(Repositories, repository);
        if (repository == "" || !Directory.Exists(at)) Refuse(response, "RepoNotFound");
        else
        {
            lock (asked) if (!asked.Contains(repository)) asked.Add(repository);
            response.Headers["X-Repo-Commit"] = CommitOf(repository);
            if (isList) Send(response, List(repository, at), withBody);
            else if (File.Exists(Path.Combine(at, file!))) SendFile(response, File.ReadAllBytes(Path.Combine(at, file!)), withBody);
            else Refuse(response, "EntryNotFound");
        }
        response.Close();
    }

    private static byte[] List(string repository, string folder) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        sha = CommitOf(repository),
        siblings = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => new { rfilename = Path.GetRelativePath(folder, f).Replace('\\', '/') }),
    });

    /// <summary>With the digest by which git names a file, as the hub has it for all that is not in LFS.</summary>
    private static void SendFile(HttpListenerResponse response, byte[] content, bool withBody)
    {
        response.Headers["ETag"] = $"\"{Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]))}\"";
        Send(response, content, withBody);
    }

    private static void Send(HttpListenerResponse response, byte[] content, bool withBody)
    {
        response.ContentLength64 = content.Length;
        if (withBody) response.OutputStream.Write(content);
    }

    private static void Refuse(HttpListenerResponse response, string code)
    {
        response.StatusCode = 404;
        response.Headers["X-Error-Code"] = code;
    }

    private static string CommitOf(string repository) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(repository)));

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
