using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Runtime;

/// <summary>
/// Finds and loads libtorch and TorchSharp's own native library, before the first use of <c>torch</c>, in whatever host the
/// library runs: console, tests, or a notebook that brought it in with <c>#r</c>.
/// </summary>
/// <remarks>
/// Searched in this order: the folder named by <see cref="BackendVariable"/> (the <c>lib</c> folder of an existing PyTorch),
/// <c>runtimes/&lt;rid&gt;/native</c> beside the library, and <c>artifacts/workbench/runtimes/&lt;rid&gt;/native</c> in a parent folder.
/// If none holds libtorch, TorchSharp's own search is left to find it. Thread-safe; loading happens once per process.
/// </remarks>
public static partial class NativeRuntime
{
    /// <summary>Environment variable that names the <c>lib</c> folder of an existing PyTorch to use as the native backend.</summary>
    public const string BackendVariable = "SAENOTEBOOKS_TORCH_LIB";

    /// <summary>From which level on libtorch writes to standard error.</summary>
    private const string LogVariable = "TORCH_CPP_LOG_LEVEL";

    private static readonly Lazy<string> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Loads the native libraries if that has not happened yet.</summary>
    /// <returns>the folder they came from, or a remark that TorchSharp's own search is used</returns>
    /// <exception cref="DllNotFoundException">a library is missing or does not load; the message says which, why and what to install</exception>
    public static string EnsureLoaded() => Loaded.Value;

    /// <summary>Runs before any other code of this assembly, so that no caller has to know.</summary>
    [ModuleInitializer]
    internal static void Initialize()
    {
        // A process may use the library without tensors (help texts, tokenizers), and a failure here would hide its message behind that of an initializer:
        // whatever is about to use tensors calls EnsureLoaded.
        try { EnsureLoaded(); }
        catch (DllNotFoundException) { }
    }

    private static string Load()
    {
        OpenMpWaiting.MakePassive();
        NativeHeap.KeepFreedMemory();
        NativeEnvironment.SetIfUnset(LogVariable, "ERROR"); // or convolutions warn that NNPACK, which they do without, does not know the processor
        var backend = Environment.GetEnvironmentVariable(BackendVariable);
        var shipped = CandidateFolders().FirstOrDefault(f => File.Exists(Path.Combine(f, BridgeName)));
        if (backend is not null && !HasTorch(backend))
            throw new DllNotFoundException($"{BackendVariable} is '{backend}', which has no {StagedLibraries.FileName("torch_cpu")}; " +
                "name the 'lib' folder of a PyTorch installation.");
        if (backend is null && (shipped is null || !HasTorch(shipped))) return "TorchSharp's own search path";

        foreach (var library in LibrariesInOrder(backend ?? shipped!)) LoadOne(library);
        LoadOne(Path.Combine(shipped ?? AppContext.BaseDirectory, BridgeName));
        return backend ?? shipped!;
    }

    private static bool HasTorch(string folder) => File.Exists(Path.Combine(folder, StagedLibraries.FileName("torch_cpu")));

    private static string BridgeName => StagedLibraries.FileName("LibTorchSharp");

    /// <summary>Dependencies first: a library that is already in the process satisfies whoever asks for it by name.</summary>
    private static IEnumerable<string> LibrariesInOrder(string folder)
    {
        var openMp = Directory.EnumerateFiles(folder, "libgomp-*.so.1").Order();
        string[] stems = OperatingSystem.IsWindows()
            ? ["libiomp5md", "fbgemm", "asmjit", "uv", "c10", "torch_cpu", "torch", "c10_cuda", "torch_cuda"]
            : ["omp", "c10", "torch_global_deps", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];
        return openMp.Concat(stems.Select(s => Path.Combine(folder, StagedLibraries.FileName(s)))).Where(File.Exists);
    }

    private static IEnumerable<string> CandidateFolders()
    {
        var rid = (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
            + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "-arm64" : "-x64");
        return StagedLibraries.Folders(Path.Combine(rid, "native"));
    }

    private static void LoadOne(string path)
    {
        try { NativeLibrary.Load(path); }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            var missing = MissingVersion().Match(e.Message);
            if (missing.Success && OperatingSystem.IsLinux() && TryLoadRelaxed(path, missing.Value)) return;
            throw new DllNotFoundException(Explain(path, e.Message, missing), e);
        }
    }

    /// <summary>
    /// TorchSharp 0.107's library asks for libstdc++ of GCC 13 only through a marker symbol that nothing in it refers to, so on
    /// older systems a private copy with that requirement made weak loads and runs.
    /// </summary>
    private static bool TryLoadRelaxed(string path, string version)
    {
        if (Path.GetFileName(path) != BridgeName || !version.StartsWith("GLIBCXX_", StringComparison.Ordinal)) return false;
        var image = File.ReadAllBytes(path);
        var stamp = Convert.ToHexString(SHA256.HashData(image))[..16].ToLowerInvariant();
        if (!ElfVersionNeeds.MarkWeak(image, version)) return false;

        var folder = Path.Combine(CacheFolder(), "native", stamp);
        var copy = Path.Combine(folder, BridgeName);
        if (!File.Exists(copy) || new FileInfo(copy).Length != image.Length)
        {
            Directory.CreateDirectory(folder);
            var partial = $"{copy}.{Environment.ProcessId}.{Guid.NewGuid():N}";
            File.WriteAllBytes(partial, image);
            File.Move(partial, copy, overwrite: true); // atomic: another process never sees half a library
        }
        return NativeLibrary.TryLoad(copy, out _);
    }

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "saenotebooks");
    }

    private static string Explain(string path, string reason, Match missing)
    {
        var cure = missing.Success
            ? $"it needs the symbol version {missing.Value}: install a newer libstdc++ (Debian 13, Ubuntu 24.04, or " +
              "`conda env create -f environment.yml`)"
            : $"restore the packages with `dotnet build`, or point {BackendVariable} at the 'lib' folder of a PyTorch";
        return $"Cannot load {path}: {cure}. (The loader said: {reason.ReplaceLineEndings(" ").Trim()})";
    }

    [GeneratedRegex(@"(GLIBCXX|GLIBC|CXXABI)_[0-9.]*[0-9]")]
    private static partial Regex MissingVersion();
}
