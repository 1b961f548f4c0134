using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SaeNotebooks.Kernel.Protocol;

/// <summary>Where a client expects the kernel's sockets, and the key that both sides sign with.</summary>
internal sealed record ConnectionFile
{
    [JsonPropertyName("ip")] public string Ip { get; init; } = "127.0.0.1";

    [JsonPropertyName("transport")] public string Transport { get; init; } = "tcp";

    [JsonPropertyName("signature_scheme")] public string SignatureScheme { get; init; } = "hmac-sha256";

    [JsonPropertyName("key")] public string Key { get; init; } = "";

    [JsonPropertyName("shell_port")] public required int ShellPort { get; init; }

    [JsonPropertyName("control_port")] public required int ControlPort { get; init; }

    [JsonPropertyName("stdin_port")] public required int StdinPort { get; init; }

    [JsonPropertyName("iopub_port")] public required int IoPubPort { get; init; }

    [JsonPropertyName("hb_port")] public required int HeartbeatPort { get; init; }

    /// <summary>Reads and checks the file that the client wrote, and sees to it that only its owner can read the key in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="allowRemote">Whether the kernel may be reached from other machines.</param>
    /// <exception cref="KernelStartException">The file is missing, malformed, or asks for what this kernel refuses.</exception>
    public static ConnectionFile Read(string path, bool allowRemote)
    {
        try
        {
            Protect(path);
            var connection = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllBytes(path))
                ?? throw new KernelStartException($"Connection file {path} is empty.");
            connection.Check(path, allowRemote);
            return connection;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new KernelStartException($"Connection file {path} cannot be read: {error.Message}");
        }
    }

    public string Address(int port) => $"{Transport}://{Ip}:{port}";

    private static void Protect(string path)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & others) == 0) return;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        KernelLog.Line($"Connection file {path} could be read by others, and with it whoever had the key could run code here; it is its owner's alone now.");
    }

    private void Check(string path, bool allowRemote)
    {
        Require(Transport == "tcp", $"transport is '{Transport}', only tcp is supported");
        Require(SignatureScheme == "hmac-sha256", $"signature_scheme is '{SignatureScheme}', only hmac-sha256 is supported");
        Require(Key.Length > 0, "key is empty, and unsigned messages are refused");
        Require(allowRemote || IPAddress.TryParse(Ip, out var address) && IPAddress.IsLoopback(address),
            $"ip is '{Ip}', and only loopback is served unless the kernel is started with --allow-remote");

        void Require(bool holds, string problem)
        {
            if (!holds) throw new KernelStartException($"Connection file {path}: {problem}.");
        }
    }
}
