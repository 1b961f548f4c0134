using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Display;

/// <summary>
/// Displays of values that cannot show themselves: tensors, which are TorchSharp's; records of this workbench, and lists of them. They are given to
/// .NET Interactive's formatting library, which other kernels use too, by its names, so that no host is referenced. What a person registers
/// afterwards wins.
/// </summary>
internal static class NotebookFormatters
{
    private const string Library = "Microsoft.DotNet.Interactive.Formatting";

    /// <summary>Registers them if this process has that library; runs before any other code of this assembly, so that no notebook has to ask.</summary>
    [ModuleInitializer]
    internal static void Register()
    {
        if (Formatter() is not { } formatter) return;
        Register(formatter, typeof(Tensor), value => TensorSummary.Of((Tensor)value));
        RegisterTypesOf(formatter, typeof(NotebookFormatters).Assembly);
        Register(formatter, typeof(IEnumerable<HookName>), hooks => HookTable.Of((IEnumerable<HookName>)hooks));
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
        {
            if (IsOurs(loaded.LoadedAssembly)) RegisterTypesOf(formatter, loaded.LoadedAssembly);
        };
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies().Where(IsOurs)) RegisterTypesOf(formatter, assembly);
    }

    /// <summary>Whether an assembly is one of those that build on this library.</summary>
    private static bool IsOurs(Assembly assembly) => !assembly.IsDynamic && assembly.GetName().Name is { } name
        && name.StartsWith("SaeNotebooks.", StringComparison.Ordinal) && !name.EndsWith(".Tests", StringComparison.Ordinal)
        && assembly.GetReferencedAssemblies().Any(r => r.Name == typeof(NotebookFormatters).Assembly.GetName().Name);

    private static void RegisterTypesOf(Type formatter, Assembly assembly)
    {
        foreach (var type in ExportedTypes(assembly).Where(PropertyCard.Covers))
        {
            Register(formatter, type, PropertyCard.Of);
            Register(formatter, typeof(IEnumerable<>).MakeGenericType(type), values => PropertyCard.Table((IEnumerable)values, type));
        }
    }

    /// <summary>None where the host cannot load what the assembly refers to: its values then show themselves as the host sees fit.</summary>
    private static Type[] ExportedTypes(Assembly assembly)
    {
        try { return assembly.GetExportedTypes(); }
        catch (Exception e) when (e is FileNotFoundException or TypeLoadException) { return []; }
    }

    private static void Register(Type formatter, Type type, Func<object, IDisplayable> display)
    {
        var register = formatter.GetMethod("Register", [typeof(Type), typeof(Action<object, TextWriter>), typeof(string)]);
        Action<object, TextWriter> html = (value, writer) => writer.Write(display(value).ToHtml()), text = (value, writer) => writer.Write(display(value).ToText());
        register?.Invoke(null, [type, html, MimeTypes.Html]);
        register?.Invoke(null, [type, text, MimeTypes.Text]);
    }

    private static Type? Formatter() => AppDomain.CurrentDomain.GetAssemblies()
        .FirstOrDefault(a => a.GetName().Name == Library)?.GetType(Library + ".Formatter");
}
